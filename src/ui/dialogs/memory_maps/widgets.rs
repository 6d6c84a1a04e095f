//! The widgets of the window: header with search, notice, table or the reason why there is none, bottom bar.

use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk::{self, gio};
use relm4::prelude::*;

use super::{MemoryMapsDialog, MemoryMapsInput};
use crate::ui::accessible::labelled;
use crate::ui::table::Grid;

/// The parts that change.
pub struct WindowWidgets {
    stack: gtk::Stack,
    empty: adw::StatusPage,
    notice: gtk::Revealer,
    notice_text: gtk::Label,
    bottom: gtk::Revealer,
    count: gtk::Label,
    copy: gio::SimpleAction,
}

/// What stands in the middle.
#[derive(Debug, Clone, Copy)]
pub enum Face<'a> {
    /// The table.
    Table,
    /// No table: icon, title, and a sentence of plain text.
    Empty(&'static str, &'static str, &'a str),
}

impl WindowWidgets {
    /// Builds the window around its table.
    #[must_use]
    pub fn build(
        root: &adw::Window,
        subject: &str,
        grid: &Grid,
        sender: &ComponentSender<MemoryMapsDialog>,
    ) -> Self {
        let entry: gtk::SearchEntry = labelled("Filter");
        entry.set_placeholder_text(Some("Filter by name, flags or address"));
        entry.set_hexpand(true);
        let clamp = adw::Clamp::builder().maximum_size(400).child(&entry).build();
        let search_bar = gtk::SearchBar::builder().child(&clamp).build();
        search_bar.connect_entry(&entry);
        search_bar.set_key_capture_widget(Some(root));
        let input = sender.input_sender().clone();
        entry.connect_search_changed(move |entry| input.emit(MemoryMapsInput::Filter(entry.text().into())));

        let search: gtk::ToggleButton = labelled("Filter");
        search.set_icon_name("system-search-symbolic");
        search.set_tooltip_text(Some("Filter"));
        search.bind_property("active", &search_bar, "search-mode-enabled").bidirectional().build();
        let title = adw::WindowTitle::new("Memory Maps", subject);
        let header = adw::HeaderBar::builder().title_widget(&title).build();
        header.pack_start(&search);

        let (notice, notice_text) = notice();
        let empty = adw::StatusPage::builder().vexpand(true).build();
        let spinner: gtk::Spinner = labelled("Reading memory maps");
        spinner.set_spinning(true);
        spinner.set_size_request(32, 32);
        spinner.set_halign(gtk::Align::Center);
        spinner.set_valign(gtk::Align::Center);
        let stack = gtk::Stack::builder().vexpand(true).build();
        // Most answers come within a blink: no spinner that only flashes.
        stack.add_named(&gtk::Box::new(gtk::Orientation::Vertical, 0), Some("blank"));
        stack.add_named(&spinner, Some("waiting"));
        stack.add_named(grid.widget(), Some("table"));
        stack.add_named(&empty, Some("empty"));

        let count = gtk::Label::builder().hexpand(true).xalign(0.0).build();
        count.set_ellipsize(gtk::pango::EllipsizeMode::End);
        count.add_css_class("numeric");
        let copy_button =
            gtk::Button::builder().label("_Copy").use_underline(true).action_name("maps.copy").build();
        copy_button.set_tooltip_text(Some("Copy the selected rows"));
        let bottom = gtk::Box::builder().spacing(6).build();
        bottom.add_css_class("toolbar");
        bottom.append(&count);
        bottom.append(&copy_button);

        let content = gtk::Box::new(gtk::Orientation::Vertical, 0);
        content.append(&header);
        content.append(&search_bar);
        content.append(&notice);
        content.append(&stack);
        let below = gtk::Box::new(gtk::Orientation::Vertical, 0);
        below.append(&gtk::Separator::new(gtk::Orientation::Horizontal));
        below.append(&bottom);
        let bottom = gtk::Revealer::builder().child(&below).build();
        bottom.set_transition_type(gtk::RevealerTransitionType::SlideUp);
        content.append(&bottom);
        root.set_content(Some(&content));
        let copy = add_actions(root, grid, &search, sender);
        Self { stack, empty, notice, notice_text, bottom, count, copy }
    }

    /// Says that it takes a while, if nothing has come yet.
    pub fn say_waiting(&self) {
        if self.stack.visible_child_name().is_some_and(|name| name == "blank") {
            self.stack.set_visible_child_name("waiting");
        }
    }

    /// Shows the table or the reason why there is none.
    pub fn show(&self, face: Face<'_>) {
        match face {
            Face::Table => self.stack.set_visible_child_name("table"),
            Face::Empty(icon, title, description) => {
                self.empty.set_icon_name(Some(icon));
                self.empty.set_title(title);
                // A status page's description is markup.
                self.empty.set_description(Some(&gtk::glib::markup_escape_text(description)));
                self.stack.set_visible_child_name("empty");
            }
        }
    }

    /// Shows a sentence above the table, or none.
    pub fn notice(&self, text: Option<&str>) {
        if let Some(text) = text {
            self.notice_text.set_text(text);
        }
        self.notice.set_reveal_child(text.is_some());
    }

    /// Says how many rows there are, if any; without a selection there is nothing to copy.
    pub fn count(&self, text: Option<&str>, selected: bool) {
        self.bottom.set_reveal_child(text.is_some());
        let Some(text) = text else { return };
        self.count.set_text(text);
        self.copy.set_enabled(selected);
    }
}

/// A bar for what has to be known about the rows below; libadwaita 1.2 has none.
fn notice() -> (gtk::Revealer, gtk::Label) {
    let text = gtk::Label::builder().wrap(true).hexpand(true).justify(gtk::Justification::Center).build();
    let bar = gtk::Box::builder().accessible_role(gtk::AccessibleRole::Status).build();
    bar.add_css_class("notice");
    bar.append(&text);
    let revealer = gtk::Revealer::builder().child(&bar).build();
    (revealer, text)
}

/// The window's own keys: they are not the application's, because they mean this window.
fn add_actions(
    root: &adw::Window,
    grid: &Grid,
    search: &gtk::ToggleButton,
    sender: &ComponentSender<MemoryMapsDialog>,
) -> gio::SimpleAction {
    let group = gio::SimpleActionGroup::new();
    let copy = gio::SimpleAction::new("copy", None);
    let input = sender.input_sender().clone();
    copy.connect_activate(move |_, _| input.emit(MemoryMapsInput::Copy));
    copy.set_enabled(false);
    group.add_action(&copy);
    let find = gio::SimpleAction::new("filter", None);
    let toggle = search.clone();
    find.connect_activate(move |_, _| toggle.set_active(!toggle.is_active()));
    group.add_action(&find);
    root.insert_action_group("maps", Some(&group));

    let shortcut = |key: &str, action: &str| {
        gtk::Shortcut::new(gtk::ShortcutTrigger::parse_string(key), Some(gtk::NamedAction::new(action)))
    };
    // Bubbling: a search entry that has the focus takes Escape for itself first.
    let keys = gtk::ShortcutController::new();
    for (key, action) in
        [("Escape", "window.close"), ("<Control>w", "window.close"), ("<Control>f", "maps.filter")]
    {
        keys.add_shortcut(shortcut(key, action));
    }
    root.add_controller(keys);
    // In the table only: in the entry Ctrl+C copies text.
    let keys = gtk::ShortcutController::new();
    keys.add_shortcut(shortcut("<Control>c", "maps.copy"));
    grid.view().add_controller(keys);
    copy
}
