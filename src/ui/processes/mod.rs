//! The Processes page: the table, its search and its menus.
//!
//! It tells the window what the person wants done ([`ProcessesOutput`]) and acts on nothing itself.

mod cells;
mod chooser;
mod header;
mod icon;
mod icons;
mod menu;
mod model;
mod view;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use relm4::adw::prelude::*;
use relm4::prelude::*;
use relm4::{adw, gtk};

use gnomon::columns::{self, Total, View};
use gnomon::identity::ProcessId;
use gnomon::sample::Needs;
use gnomon::snapshot::Snapshot;
use gnomon::units::UnitStyle;

#[cfg(test)]
pub use self::menu::DIALOG_KEYS;
use self::view::TableView;
use crate::ui::dialogs::picked::Picked;
use crate::ui::settings::Settings;

/// How long the order holds after a key was pressed in the table.
const KEY_HOLD: Duration = Duration::from_secs(2);

/// The page.
pub struct ProcessesPage {
    settings: Settings,
    table: TableView,
    icons: icons::Icons,
    widgets: PageWidgets,
    /// The processes in view that the sampler was told of.
    in_view: Vec<ProcessId>,
    pointer_inside: bool,
    key_at: Option<Instant>,
    units: UnitStyle,
}

struct PageWidgets {
    stack: gtk::Stack,
    nothing: adw::StatusPage,
    search_bar: gtk::SearchBar,
    bottom: gtk::Revealer,
    selected: gtk::Label,
}

/// What the page is told.
#[derive(Debug)]
pub enum ProcessesInput {
    /// Another moment.
    Show(Arc<Snapshot>),
    /// The header of a column was clicked.
    SortChanged,
    /// The words in the search entry.
    Search(String),
    /// The search button was toggled.
    OpenSearch(bool),
    /// Other rows came into view.
    Scrolled,
    /// Another selection.
    SelectionChanged,
    /// The pointer came onto the rows or left them.
    Pointer(bool),
    /// A key went down in the table.
    KeyPressed,
    /// The person wants this done with the selected processes.
    Do(Wish),
    /// Settings changed.
    SettingsChanged,
}

/// What can be wished for processes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// One of [`gnomon::actions::ACTIONS`], by its id.
    Action(&'static str),
    /// Another nice value, chosen in a dialog.
    ChangePriority,
    /// This nice value.
    SetNice(i32),
    /// What is in their memory.
    MemoryMaps,
}

/// What the page reports.
#[derive(Debug)]
pub enum ProcessesOutput {
    /// The person wants this done with these processes.
    Wanted(Wish, Vec<Picked>),
    /// These rows are on screen, and a shown column is read only for such.
    InView(Vec<ProcessId>),
    /// The search bar was opened or closed.
    SearchOpen(bool),
}

impl Component for ProcessesPage {
    type CommandOutput = HashMap<String, String>;
    type Init = Settings;
    type Input = ProcessesInput;
    type Output = ProcessesOutput;
    type Root = gtk::Box;
    type Widgets = ();

    fn init_root() -> Self::Root {
        gtk::Box::new(gtk::Orientation::Vertical, 0)
    }

    fn init(settings: Settings, root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let icons = icons::Icons::default();
        sender.spawn_oneshot_command(icons::installed);
        let units = settings.unit_style();
        let table = TableView::new(&settings, icons.clone(), &sender);
        let widgets = PageWidgets::build(&root, &table, &sender);
        menu::add_actions(&root, &table, &sender);
        chooser::add(&root, &table, &settings);
        settings.connect_changed({
            let sender = sender.clone();
            move |_| sender.input(ProcessesInput::SettingsChanged)
        });
        let model = Self {
            settings,
            table,
            icons,
            widgets,
            in_view: Vec::new(),
            pointer_inside: false,
            key_at: None,
            units,
        };
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: Self::Input, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            ProcessesInput::Show(snapshot) => {
                self.show(snapshot);
                self.tell_view(&sender);
            }
            ProcessesInput::SortChanged => self.sort_changed(),
            ProcessesInput::Search(words) => self.search(&words),
            ProcessesInput::OpenSearch(open) => self.open_search(open),
            ProcessesInput::Scrolled => {
                self.table.refresh();
                self.tell_view(&sender);
            }
            ProcessesInput::SelectionChanged => self.selection_changed(),
            ProcessesInput::Pointer(inside) => self.pointer(inside),
            ProcessesInput::KeyPressed => self.key_at = Some(Instant::now()),
            ProcessesInput::Do(wish) => self.wish(wish, &sender),
            ProcessesInput::SettingsChanged => self.settings_changed(),
        }
    }

    fn update_cmd(&mut self, found: Self::CommandOutput, _: ComponentSender<Self>, _: &Self::Root) {
        self.icons.learn(found);
        self.table.refresh();
    }

    fn shutdown(&mut self, (): &mut Self::Widgets, _: relm4::Sender<Self::Output>) {
        self.table.remember(&self.settings);
    }
}

impl ProcessesPage {
    /// The files that the shown columns need.
    #[must_use]
    pub fn needs(settings: &Settings) -> Needs {
        // The arguments are a row's tooltip and are searched: they cost nothing after a process's birth.
        columns::needs_of(settings.process_columns()) | Needs::COMMAND_LINE
    }

    fn show(&mut self, snapshot: Arc<Snapshot>) {
        if snapshot.sample.processes.is_empty() {
            return;
        }
        let held_by_key = self.key_at.is_some_and(|at| at.elapsed() < KEY_HOLD);
        self.table.show(snapshot, self.pointer_inside || held_by_key);
        self.write_totals();
        self.choose_face();
        // GTK tells of no selection that went with the last row.
        self.selection_changed();
    }

    /// What is costly to read is read only of those that can be seen.
    fn tell_view(&mut self, sender: &ComponentSender<Self>) {
        let wanted = columns::needs_of(self.table.columns().iter().copied()).intersects(Needs::COSTLY);
        let in_view = if wanted { self.table.processes_in_view() } else { Vec::new() };
        if in_view != self.in_view {
            self.in_view.clone_from(&in_view);
            let _ = sender.output(ProcessesOutput::InView(in_view));
        }
    }

    /// The table, or why there is no row in it.
    fn choose_face(&self) {
        let empty = self.table.model().table().is_empty();
        let first = self.widgets.stack.visible_child_name().is_some_and(|name| name == "waiting");
        self.widgets.stack.set_visible_child_name(if empty { "nothing" } else { "table" });
        if first {
            // Keys go to the table before anybody has clicked.
            self.table.view().grab_focus();
        }
    }

    fn write_totals(&self) {
        let table = self.table.model().table();
        let Some(snapshot) = table.snapshot() else { return };
        for column in self.table.columns().iter().filter(|column| column.total == Total::Sum) {
            let mut text = String::new();
            let total = snapshot.total(column, table.view());
            total.write(column.unit, &self.units, &mut text);
            self.table.header().write_total(column, &text);
        }
    }

    fn sort_changed(&mut self) {
        if let Some(sort) = self.table.sort_from_header() {
            self.settings.set_sort(sort);
            self.table.model().set_sort(sort);
            self.table.refresh();
        }
    }

    fn search(&mut self, words: &str) {
        self.table.model().set_search(words);
        // A status page's description is markup.
        self.widgets.nothing.set_description(Some(&gtk::glib::markup_escape_text(words)));
        self.table.refresh();
        self.choose_face();
    }

    fn open_search(&self, open: bool) {
        self.widgets.search_bar.set_search_mode(open);
    }

    fn pointer(&mut self, inside: bool) {
        self.pointer_inside = inside;
        if !inside {
            self.table.model().reorder();
            self.table.refresh();
        }
    }

    fn selection_changed(&self) {
        let table = self.table.model().table();
        let count = table.selected_count();
        self.widgets.bottom.set_reveal_child(count > 0);
        let text = match count {
            0 => return,
            1 => "1 process selected".to_owned(),
            count => format!("{count} processes selected"),
        };
        self.widgets.selected.set_text(&text);
    }

    fn wish(&self, wish: Wish, sender: &ComponentSender<Self>) {
        let table = self.table.model().table();
        let Some(snapshot) = table.snapshot() else { return };
        let picked: Vec<_> = table.selection().into_iter().map(|id| Picked::of(snapshot, id)).collect();
        if !picked.is_empty() {
            let _ = sender.output(ProcessesOutput::Wanted(wish, picked));
        }
    }

    fn settings_changed(&mut self) {
        self.table.set_columns(&self.settings);
        self.units = self.settings.unit_style();
        self.table.set_units(self.units);
        self.table.model().set_view(View { cpu_of_one: self.settings.cpu_of_one() });
        self.table.refresh();
        self.write_totals();
    }
}

impl PageWidgets {
    fn build(root: &gtk::Box, table: &TableView, sender: &ComponentSender<ProcessesPage>) -> Self {
        let entry = gtk::SearchEntry::builder().hexpand(true).placeholder_text("Search processes").build();
        let search_bar = gtk::SearchBar::builder()
            .child(&adw::Clamp::builder().maximum_size(400).child(&entry).build())
            .build();
        search_bar.connect_entry(&entry);
        entry.connect_search_changed({
            let sender = sender.clone();
            move |entry| sender.input(ProcessesInput::Search(entry.text().into()))
        });
        search_bar.connect_search_mode_enabled_notify({
            let sender = sender.clone();
            move |bar| {
                let _ = sender.output(ProcessesOutput::SearchOpen(bar.is_search_mode()));
            }
        });
        // Just typing searches, wherever in the window the focus is, while this page is the one shown.
        root.connect_map({
            let bar = search_bar.clone();
            move |page| bar.set_key_capture_widget(page.root().as_ref())
        });
        root.connect_unmap({
            let bar = search_bar.clone();
            move |_| bar.set_key_capture_widget(gtk::Widget::NONE)
        });

        let nothing = adw::StatusPage::builder()
            .icon_name("system-search-symbolic")
            .title("No Process Matches")
            .vexpand(true)
            .build();
        let stack = gtk::Stack::builder().vexpand(true).build();
        stack.add_named(&gtk::Box::new(gtk::Orientation::Vertical, 0), Some("waiting"));
        stack.add_named(table.widget(), Some("table"));
        stack.add_named(&nothing, Some("nothing"));

        let selected =
            gtk::Label::builder().hexpand(true).xalign(0.0).ellipsize(gtk::pango::EllipsizeMode::End).build();
        let end =
            gtk::Button::builder().label("_End…").use_underline(true).action_name("processes.end").build();
        end.add_css_class("destructive-action");
        let bar = gtk::Box::builder().spacing(6).build();
        bar.add_css_class("toolbar");
        bar.add_css_class("selection-bar");
        bar.append(&selected);
        bar.append(&end);
        let bottom = gtk::Revealer::builder()
            .child(&bar)
            .transition_type(gtk::RevealerTransitionType::SlideUp)
            .build();

        root.append(&search_bar);
        root.append(&stack);
        root.append(&bottom);
        Self { stack, nothing, search_bar, bottom, selected }
    }
}
