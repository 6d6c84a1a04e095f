//! The column view: columns from the one table of them, sorting by header, rows in view.

use std::sync::Arc;

use relm4::gtk;
use relm4::gtk::prelude::*;
use relm4::prelude::*;

use gnomon::columns::{Column, View};
use gnomon::identity::ProcessId;
use gnomon::snapshot::Snapshot;
use gnomon::table::SortBy;
use gnomon::units::UnitStyle;

use super::cells::Board;
use super::header::Header;
use super::icons::Icons;
use super::model::RowModel;
use super::{ProcessesInput, ProcessesPage};
use crate::ui::list::{HeaderSort, direction};
use crate::ui::settings::Settings;

/// Pixels that a character of a column's declared width takes.
const CHARACTER_PX: i32 = 9;

/// Command lines may be as long as a book.
const TOOLTIP_CHARS: usize = 600;

/// The table's widgets.
pub struct TableView {
    view: gtk::ColumnView,
    scroller: gtk::ScrolledWindow,
    model: RowModel,
    board: Board,
    header: Header,
    columns: Vec<&'static Column>,
    sort: HeaderSort<&'static Column>,
}

impl TableView {
    /// Builds the table with the columns, widths and sort of the settings.
    #[must_use]
    pub fn new(settings: &Settings, icons: Icons, sender: &ComponentSender<ProcessesPage>) -> Self {
        let model = RowModel::new(settings.sort(), View { cpu_of_one: settings.cpu_of_one() });
        let view = gtk::ColumnView::builder().model(&model).reorderable(false).vexpand(true).build();
        view.add_css_class("data-table");
        let scroller = gtk::ScrolledWindow::builder().child(&view).vexpand(true).build();
        let board = Board::new(settings.unit_style(), icons);
        let header = Header::of(&view, &[]);
        let mut table =
            Self { view, scroller, model, board, header, columns: Vec::new(), sort: HeaderSort::new() };
        table.set_columns(settings);
        table.connect(sender);
        table
    }

    /// Shows the columns of the settings.
    pub fn set_columns(&mut self, settings: &Settings) {
        let columns = settings.process_columns();
        if columns.iter().map(|column| column.id).eq(self.columns.iter().map(|column| column.id)) {
            return;
        }
        self.remember(settings);
        let sort = self.model.table().sort();
        let old: Vec<_> = self.view.columns().into_iter().flatten().collect();
        for title in old.into_iter().filter_map(|title| title.downcast::<gtk::ColumnViewColumn>().ok()) {
            self.view.remove_column(&title);
        }
        let widths = settings.column_widths();
        self.columns = columns;
        for (index, column) in self.columns.iter().copied().enumerate() {
            let title = gtk::ColumnViewColumn::builder()
                .title(column.title)
                .factory(&self.board.factory(column, &self.model))
                .resizable(true)
                .sorter(&self.sort.sorter(column))
                .build();
            // One column must expand, or GTK 4.8 paints a stray gradient right of the last.
            title.set_expand(index == 0);
            let width = widths.get(column.id).copied();
            title.set_fixed_width(width.unwrap_or(i32::from(column.width) * CHARACTER_PX));
            self.view.append_column(&title);
            if column.id == sort.column.id {
                self.view.sort_by_column(Some(&title), direction(sort.descending));
            }
        }
        self.header = Header::of(&self.view, &self.columns);
    }

    fn connect(&self, sender: &ComponentSender<ProcessesPage>) {
        let input = |make: fn() -> ProcessesInput| {
            let sender = sender.clone();
            move || sender.input(make())
        };
        if let Some(sorter) = self.view.sorter() {
            let changed = input(|| ProcessesInput::SortChanged);
            sorter.connect_changed(move |_, _| changed());
        }
        let selected = input(|| ProcessesInput::SelectionChanged);
        self.model.connect_selection_changed(move |_, _, _| selected());
        // Rows outside the view are not kept up to date: write those that come into it.
        let scrolled = input(|| ProcessesInput::Scrolled);
        self.scroller.vadjustment().connect_value_changed(move |_| scrolled());
        let pointer = gtk::EventControllerMotion::new();
        let entered = input(|| ProcessesInput::Pointer(true));
        pointer.connect_enter(move |_, _, _| entered());
        let left = input(|| ProcessesInput::Pointer(false));
        pointer.connect_leave(move |_| left());
        self.scroller.add_controller(pointer);
        let keys =
            gtk::EventControllerKey::builder().propagation_phase(gtk::PropagationPhase::Capture).build();
        let pressed = input(|| ProcessesInput::KeyPressed);
        keys.connect_key_pressed(move |_, _, _, _| {
            pressed();
            gtk::glib::Propagation::Proceed
        });
        self.view.add_controller(keys);
        self.add_tooltips();
    }

    /// A row's tooltip is its command line.
    fn add_tooltips(&self) {
        let (board, model) = (self.board.clone(), self.model.clone());
        self.view.set_has_tooltip(true);
        self.view.connect_query_tooltip(move |view, x, y, _, tooltip| {
            let under = view.pick(f64::from(x), f64::from(y), gtk::PickFlags::DEFAULT);
            let Some(row) = under.and_then(|widget| board.row_of(&widget)) else { return false };
            let line = model.table().row(row as usize).and_then(|row| row.command_line());
            let Some(line) = line.filter(|line| !line.is_empty()) else { return false };
            let shown: String = line.chars().take(TOOLTIP_CHARS).collect();
            tooltip.set_text(Some(if shown.len() < line.len() { shown + "…" } else { shown }.as_str()));
            true
        });
    }

    /// The widget to place.
    #[must_use]
    pub fn widget(&self) -> &gtk::ScrolledWindow {
        &self.scroller
    }

    /// The column view itself.
    #[must_use]
    pub fn view(&self) -> &gtk::ColumnView {
        &self.view
    }

    /// The list model.
    #[must_use]
    pub fn model(&self) -> &RowModel {
        &self.model
    }

    /// The cells.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The header's totals.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The shown columns.
    #[must_use]
    pub fn columns(&self) -> &[&'static Column] {
        &self.columns
    }

    /// Shows another moment.
    pub fn show(&self, snapshot: Arc<Snapshot>, hold: bool) {
        self.model.show(snapshot, hold);
        self.refresh();
    }

    /// The processes whose rows can be seen, by row.
    #[must_use]
    pub fn processes_in_view(&self) -> Vec<ProcessId> {
        let table = self.model.table();
        let rows = self.board.rows_in_view(self.scroller.vadjustment().page_size());
        rows.filter_map(|row| table.id_at(row as usize)).collect()
    }

    /// Rewrites what is in view.
    pub fn refresh(&self) {
        let rows = self.board.rows_in_view(self.scroller.vadjustment().page_size());
        self.board.refresh(&self.model.table(), rows);
    }

    /// Changes the units.
    pub fn set_units(&self, units: UnitStyle) {
        self.board.set_style(units);
    }

    /// What the header's arrow says, when that is something else than before.
    #[must_use]
    pub fn sort_from_header(&self) -> Option<SortBy> {
        let (column, descending) = self.sort.read(&self.view)?;
        let sort = SortBy { column, descending };
        let before = self.model.table().sort();
        // A first click on numbers means "the largest on top"; GTK begins with the smallest.
        if column.id != before.column.id && column.descends_first() && !sort.descending {
            let title = self
                .view
                .columns()
                .into_iter()
                .flatten()
                .zip(&self.columns)
                .find_map(|(title, shown)| (shown.id == column.id).then_some(title));
            let title = title.and_downcast::<gtk::ColumnViewColumn>();
            self.view.sort_by_column(title.as_ref(), gtk::SortType::Descending);
            return Some(SortBy { column, descending: true });
        }
        (sort != before).then_some(sort)
    }

    /// Keeps the widths that the person gave the columns.
    pub fn remember(&self, settings: &Settings) {
        let titles = self.view.columns();
        let widths = titles.into_iter().flatten().zip(&self.columns).filter_map(|(title, column)| {
            let width = title.downcast::<gtk::ColumnViewColumn>().ok()?.fixed_width();
            (width > 0).then_some((column.id, width))
        });
        settings.set_column_widths(widths);
    }
}
