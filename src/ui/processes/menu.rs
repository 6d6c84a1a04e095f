//! The context menu of the process table and the actions behind it, which keys share.

use relm4::gtk::prelude::*;
use relm4::gtk::{self, gdk, gio};
use relm4::prelude::*;

use gnomon::actions::{ACTIONS, PRIORITIES};

use super::view::TableView;
use super::{ProcessesInput, ProcessesPage, Wish};
use crate::ui::list::{open_at, popover};

/// Name of the action group.
pub const GROUP: &str = "processes";

/// Keys of what opens a dialog instead of acting; the keys of acting are in [`ACTIONS`].
pub const DIALOG_KEYS: [(&str, &str); 2] = [("memory-maps", "<Control>m"), ("change-priority", "<Control>p")];

/// Adds the actions to the page and the menu to its table.
pub fn add_actions(page: &gtk::Box, table: &TableView, sender: &ComponentSender<ProcessesPage>) {
    let group = gio::SimpleActionGroup::new();
    let add = |name: &str, wish: Wish| {
        let action = gio::SimpleAction::new(name, None);
        let sender = sender.clone();
        action.connect_activate(move |_, _| sender.input(ProcessesInput::Do(wish.clone())));
        action.set_enabled(false);
        group.add_action(&action);
    };
    for action in ACTIONS {
        add(action.id, Wish::Action(action.id));
    }
    add("memory-maps", Wish::MemoryMaps);
    add("change-priority", Wish::ChangePriority);
    let nice = gio::SimpleAction::new("set-nice", Some(gtk::glib::VariantTy::INT32));
    let wished = sender.clone();
    nice.connect_activate(move |_, value| {
        if let Some(value) = value.and_then(gtk::glib::Variant::get) {
            wished.input(ProcessesInput::Do(Wish::SetNice(value)));
        }
    });
    nice.set_enabled(false);
    group.add_action(&nice);
    page.insert_action_group(GROUP, Some(&group));

    // Nothing selected, nothing to do: insensitive everywhere at once.
    table.model().connect_selection_changed(move |model, _, _| {
        let any = model.table().selected_count() > 0;
        for name in group.list_actions() {
            if let Some(action) = group.lookup_action(&name).and_downcast::<gio::SimpleAction>() {
                action.set_enabled(any);
            }
        }
    });
    add_keys(page);
    add_popover(table);
}

/// The keys work where the focus is in this page, and only after the focused widget had no use for them:
/// Delete in the search entry deletes a letter.
fn add_keys(page: &gtk::Box) {
    let keys = gtk::ShortcutController::new();
    let acting = ACTIONS.iter().filter_map(|action| Some((action.id, action.accel?)));
    for (name, key) in acting.chain(DIALOG_KEYS) {
        let trigger = gtk::ShortcutTrigger::parse_string(key);
        keys.add_shortcut(gtk::Shortcut::new(
            trigger,
            Some(gtk::NamedAction::new(&format!("{GROUP}.{name}"))),
        ));
    }
    page.add_controller(keys);
}

fn menu() -> gio::Menu {
    let menu = gio::Menu::new();
    let look = gio::Menu::new();
    look.append(Some("_Memory Maps"), Some("processes.memory-maps"));
    menu.append_section(None, &look);
    let priority = gio::Menu::new();
    for named in PRIORITIES {
        let value = i32::from(named.nice.get());
        let item = gio::MenuItem::new(Some(&format!("{} ({value})", named.title)), None);
        item.set_action_and_target_value(Some("processes.set-nice"), Some(&value.to_variant()));
        priority.append_item(&item);
    }
    let custom = gio::Menu::new();
    custom.append(Some("_Custom…"), Some("processes.change-priority"));
    priority.append_section(None, &custom);
    let tune = gio::Menu::new();
    tune.append_submenu(Some("Change _Priority"), &priority);
    menu.append_section(None, &tune);
    let act = gio::Menu::new();
    for action in ACTIONS {
        let title =
            if action.confirm.is_some() { format!("{}…", action.title) } else { action.title.to_owned() };
        act.append(Some(&title), Some(&format!("{GROUP}.{}", action.id)));
    }
    menu.append_section(None, &act);
    menu
}

fn add_popover(table: &TableView) {
    let view = table.view();
    let popover = popover(view, &menu());

    let click = gtk::GestureClick::builder().button(gdk::BUTTON_SECONDARY).build();
    let (board, model) = (table.board().clone(), table.model().clone());
    let menu = popover.clone();
    click.connect_pressed(move |click, _, x, y| {
        let Some(view) = click.widget() else { return };
        let row = view.pick(x, y, gtk::PickFlags::DEFAULT).and_then(|widget| board.row_of(&widget));
        let Some(row) = row else { return };
        // A click on a selected row means the whole selection; on another, that one.
        if !model.is_selected(row) {
            model.select_item(row, true);
        }
        open_at(&menu, x, y);
    });
    view.add_controller(click);

    let keys = gtk::ShortcutController::new();
    for trigger in ["Menu", "<Shift>F10"] {
        let popover = popover.clone();
        let open = gtk::CallbackAction::new(move |_, _| {
            popover.set_pointing_to(None);
            popover.popup();
            gtk::glib::Propagation::Stop
        });
        keys.add_shortcut(gtk::Shortcut::new(gtk::ShortcutTrigger::parse_string(trigger), Some(open)));
    }
    view.add_controller(keys);
}
