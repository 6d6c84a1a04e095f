//! Choosing the table's columns: a menu on the header, an entry per column.

use relm4::gtk::prelude::*;
use relm4::gtk::{self, gdk, gio};

use gnomon::columns::{COLUMNS, Column, GROUPS};

use super::view::TableView;
use crate::ui::list::{open_at, popover};
use crate::ui::settings::{Settings, key};

/// Name of the action group: an action per column, checked while it is shown.
const GROUP: &str = "columns";

/// Adds the actions to the page and the menu to the table's header.
pub fn add(page: &gtk::Box, table: &TableView, settings: &Settings) {
    let group = gio::SimpleActionGroup::new();
    for column in COLUMNS {
        let shown = is_shown(settings, column).to_variant();
        let action = gio::SimpleAction::new_stateful(column.id, None, &shown);
        // A table without names would say of whom it speaks by numbers alone.
        action.set_enabled(column.id != "name");
        let settings = settings.clone();
        action.connect_change_state(move |_, wanted| {
            let wanted = wanted.and_then(gtk::glib::Variant::get).unwrap_or(true);
            settings.set_process_columns(&toggled(settings.process_columns(), column, wanted));
        });
        group.add_action(&action);
    }
    let actions = group.clone();
    let current = settings.clone();
    settings.connect_changed(move |name| {
        if name == key::PROCESSES_COLUMNS {
            for column in COLUMNS {
                if let Some(action) = actions.lookup_action(column.id).and_downcast::<gio::SimpleAction>() {
                    action.set_state(&is_shown(&current, column).to_variant());
                }
            }
        }
    });
    page.insert_action_group(GROUP, Some(&group));
    add_popover(table.view());
}

fn is_shown(settings: &Settings, column: &Column) -> bool {
    settings.process_columns().iter().any(|shown| shown.id == column.id)
}

/// The shown columns with one more or one less; a new one comes last.
fn toggled(mut shown: Vec<&'static Column>, column: &'static Column, wanted: bool) -> Vec<&'static Column> {
    shown.retain(|other| other.id != column.id);
    if wanted {
        shown.push(column);
    }
    shown
}

/// The usual columns, and a submenu for each other group.
fn menu() -> gio::Menu {
    let menu = gio::Menu::new();
    let others = gio::Menu::new();
    for (index, group) in GROUPS.iter().enumerate() {
        let entries = gio::Menu::new();
        for column in group.columns {
            entries.append(Some(column.title), Some(&format!("{GROUP}.{}", column.id)));
        }
        if index == 0 {
            menu.append_section(None, &entries);
        } else {
            others.append_submenu(Some(group.title), &entries);
        }
    }
    menu.append_section(None, &others);
    menu
}

fn add_popover(view: &gtk::ColumnView) {
    let popover = popover(view, &menu());
    let click = gtk::GestureClick::builder().button(gdk::BUTTON_SECONDARY).build();
    click.connect_pressed(move |click, _, x, y| {
        let Some(header) = click.widget().and_then(|view| view.first_child()) else { return };
        if y < f64::from(header.height()) {
            open_at(&popover, x, y);
        }
    });
    view.add_controller(click);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_comes_last_goes_and_never_comes_twice() {
        let by_id = |id| Column::by_id(id).unwrap();
        let ids = |columns: Vec<&'static Column>| columns.iter().map(|column| column.id).collect::<Vec<_>>();
        let shown = vec![by_id("name"), by_id("cpu")];
        assert_eq!(ids(toggled(shown.clone(), by_id("pid"), true)), ["name", "cpu", "pid"]);
        assert_eq!(ids(toggled(shown.clone(), by_id("cpu"), false)), ["name"]);
        assert_eq!(ids(toggled(shown, by_id("name"), true)), ["cpu", "name"]);
    }
}
