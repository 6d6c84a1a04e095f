//! What the person chose, kept by GSettings; every key is read and written here and nowhere else.

use std::collections::HashMap;
use std::time::Duration;

use relm4::gtk::gio;
use relm4::gtk::gio::prelude::*;

use gnomon::columns::{COLUMNS, Column};
use gnomon::table::SortBy;
use gnomon::units::{Base, UnitStyle};

use super::APP_ID;

/// The keys of the schema, by name.
pub mod key {
    pub const WINDOW_WIDTH: &str = "window-width";
    pub const WINDOW_HEIGHT: &str = "window-height";
    pub const WINDOW_MAXIMIZED: &str = "window-maximized";
    pub const PAGE: &str = "page";
    pub const UPDATE_INTERVAL: &str = "update-interval";
    pub const CONFIRM_ACTIONS: &str = "confirm-actions";
    pub const CPU_OF_ONE: &str = "cpu-of-one";
    pub const UNITS: &str = "units";
    pub const NETWORK_IN_BITS: &str = "network-in-bits";
    pub const CHART_SPAN: &str = "chart-span";
    pub const FOLDED_CHARTS: &str = "folded-charts";
    pub const PROCESSES_COLUMNS: &str = "processes-columns";
    pub const PROCESSES_COLUMN_WIDTHS: &str = "processes-column-widths";
    pub const PROCESSES_SORT_COLUMN: &str = "processes-sort-column";
    pub const PROCESSES_SORT_DESCENDING: &str = "processes-sort-descending";
    pub const SHOW_ALL_FILE_SYSTEMS: &str = "show-all-file-systems";
    pub const FILE_SYSTEMS_SORT_COLUMN: &str = "file-systems-sort-column";
    pub const FILE_SYSTEMS_SORT_DESCENDING: &str = "file-systems-sort-descending";
}

/// Access to the settings; cheap to clone.
#[derive(Debug, Clone)]
pub struct Settings {
    inner: gio::Settings,
}

impl Settings {
    /// The settings of this user.
    ///
    /// The schema is found where it is installed, else where the build put it, so that the program runs
    /// from its build directory.
    ///
    /// # Errors
    /// When the schema is in neither place.
    pub fn open() -> Result<Self, String> {
        let installed = gio::SettingsSchemaSource::default().and_then(|all| all.lookup(APP_ID, true));
        let schema = match installed {
            Some(schema) => schema,
            None => built_schema()?,
        };
        Ok(Self { inner: gio::Settings::new_full(&schema, gio::SettingsBackend::NONE, None) })
    }

    /// The settings themselves, to bind a widget to a key.
    #[must_use]
    pub fn inner(&self) -> &gio::Settings {
        &self.inner
    }

    /// Calls `changed` with the name of each key that changes.
    pub fn connect_changed(&self, changed: impl Fn(&str) + 'static) {
        self.inner.connect_changed(None, move |_, key| changed(key));
    }

    /// Time between two samples.
    #[must_use]
    pub fn update_interval(&self) -> Duration {
        Duration::from_secs_f64(self.inner.double(key::UPDATE_INTERVAL).clamp(0.25, 60.0))
    }

    /// Whether ending a process asks first.
    #[must_use]
    pub fn confirm_actions(&self) -> bool {
        self.inner.boolean(key::CONFIRM_ACTIONS)
    }

    /// CPU in percent of one CPU instead of the whole machine.
    #[must_use]
    pub fn cpu_of_one(&self) -> bool {
        self.inner.boolean(key::CPU_OF_ONE)
    }

    /// How numbers are written.
    #[must_use]
    pub fn unit_style(&self) -> UnitStyle {
        let base = if self.inner.string(key::UNITS) == "si" { Base::Si } else { Base::Iec };
        UnitStyle { base, ..UnitStyle::default() }
    }

    /// How network traffic is written.
    #[must_use]
    pub fn network_style(&self) -> UnitStyle {
        UnitStyle { rates_in_bits: self.inner.boolean(key::NETWORK_IN_BITS), ..self.unit_style() }
    }

    /// How much time the charts show, in milliseconds.
    #[must_use]
    pub fn chart_span_ms(&self) -> u64 {
        u64::from(self.inner.uint(key::CHART_SPAN)) * 1000
    }

    /// Ids of the charts whose cards are folded.
    #[must_use]
    pub fn folded_charts(&self) -> Vec<String> {
        self.inner.strv(key::FOLDED_CHARTS).iter().map(ToString::to_string).collect()
    }

    /// Remembers which cards are folded.
    pub fn set_folded_charts<'c>(&self, ids: impl Iterator<Item = &'c str>) {
        self.set(key::FOLDED_CHARTS, ids.collect::<Vec<_>>());
    }

    /// The page to open.
    #[must_use]
    pub fn page(&self) -> String {
        self.inner.string(key::PAGE).into()
    }

    /// Remembers the page.
    pub fn set_page(&self, page: &str) {
        self.set(key::PAGE, page);
    }

    /// Size in pixels, and whether the window is maximized.
    #[must_use]
    pub fn window(&self) -> (i32, i32, bool) {
        let size = |key| self.inner.int(key);
        (size(key::WINDOW_WIDTH), size(key::WINDOW_HEIGHT), self.inner.boolean(key::WINDOW_MAXIMIZED))
    }

    /// Remembers the window.
    pub fn set_window(&self, width: i32, height: i32, maximized: bool) {
        if !maximized {
            self.set(key::WINDOW_WIDTH, width);
            self.set(key::WINDOW_HEIGHT, height);
        }
        self.set(key::WINDOW_MAXIMIZED, maximized);
    }

    /// The shown columns; ids that this version does not know are passed over.
    #[must_use]
    pub fn process_columns(&self) -> Vec<&'static Column> {
        let ids = self.inner.strv(key::PROCESSES_COLUMNS);
        let chosen: Vec<_> = ids.iter().filter_map(|id| Column::by_id(id.as_str())).collect();
        if chosen.is_empty() { COLUMNS.iter().filter(|column| column.by_default).collect() } else { chosen }
    }

    /// Chooses the shown columns.
    pub fn set_process_columns(&self, columns: &[&Column]) {
        self.set(key::PROCESSES_COLUMNS, columns.iter().map(|column| column.id).collect::<Vec<_>>());
    }

    /// Widths in pixels that the person gave columns, by id.
    #[must_use]
    pub fn column_widths(&self) -> HashMap<String, i32> {
        self.inner.get(key::PROCESSES_COLUMN_WIDTHS)
    }

    /// Remembers the widths of columns.
    pub fn set_column_widths<'w>(&self, widths: impl Iterator<Item = (&'w str, i32)>) {
        let mut all = self.column_widths();
        all.extend(widths.map(|(id, width)| (id.to_owned(), width)));
        self.set(key::PROCESSES_COLUMN_WIDTHS, all);
    }

    /// What the process table is sorted by.
    #[must_use]
    pub fn sort(&self) -> SortBy {
        match Column::by_id(&self.inner.string(key::PROCESSES_SORT_COLUMN)) {
            Some(column) => SortBy { column, descending: self.inner.boolean(key::PROCESSES_SORT_DESCENDING) },
            None => SortBy::default(),
        }
    }

    /// Remembers what the process table is sorted by.
    pub fn set_sort(&self, sort: SortBy) {
        self.set(key::PROCESSES_SORT_COLUMN, sort.column.id);
        self.set(key::PROCESSES_SORT_DESCENDING, sort.descending);
    }

    /// Whether file systems that hold nobody's files are listed too.
    #[must_use]
    pub fn show_all_file_systems(&self) -> bool {
        self.inner.boolean(key::SHOW_ALL_FILE_SYSTEMS)
    }

    /// Lists all file systems, or only those that hold files.
    pub fn set_show_all_file_systems(&self, all: bool) {
        self.set(key::SHOW_ALL_FILE_SYSTEMS, all);
    }

    /// What the file systems are sorted by: the name of a column, and whether the largest comes first.
    #[must_use]
    pub fn file_systems_sort(&self) -> (String, bool) {
        let column = self.inner.string(key::FILE_SYSTEMS_SORT_COLUMN);
        (column.into(), self.inner.boolean(key::FILE_SYSTEMS_SORT_DESCENDING))
    }

    /// Remembers what the file systems are sorted by.
    pub fn set_file_systems_sort(&self, column: &str, descending: bool) {
        self.set(key::FILE_SYSTEMS_SORT_COLUMN, column);
        self.set(key::FILE_SYSTEMS_SORT_DESCENDING, descending);
    }

    /// A key that an administrator locked keeps its value; that is no error of ours.
    fn set(&self, key: &str, value: impl Into<relm4::gtk::glib::Variant>) {
        let _ = self.inner.set_value(key, &value.into());
    }
}

/// The schema as `build.rs` compiled it.
fn built_schema() -> Result<gio::SettingsSchema, String> {
    let dir = env!("GNOMON_SCHEMA_DIR");
    let parent = gio::SettingsSchemaSource::default();
    gio::SettingsSchemaSource::from_directory(dir, parent.as_ref(), false)
        .ok()
        .and_then(|source| source.lookup(APP_ID, false))
        .ok_or_else(|| format!("the settings schema {APP_ID} is neither installed nor in {dir}"))
}
