//! The window itself: menus, dialogs of the program, and what it remembers.

use rustix::process::Signal;

use crate::harness::app::App;
use crate::harness::atspi::{Node, Role, State, wait_for};
use crate::harness::desktop::Desktop;
use crate::harness::input::Button;
use crate::harness::table::Table;

#[test]
fn the_main_menu_opens_what_it_names_and_escape_closes_it() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-p"]);
    Table::within(app.window());
    for (item, words) in [
        ("About Gnomon", "Gnomon"),
        ("Preferences", "Update Interval"),
        ("Keyboard Shortcuts", "Memory Maps"),
    ] {
        app.press(&["F10"]);
        app.choose(&[item]);
        let dialog = app.dialog(item);
        wait_for(&format!("{words} in {item}"), || {
            dialog.words().iter().any(|said| said.contains(words)).then_some(())
        });
        app.press(&["Escape"]);
        app.alone();
    }
}

#[test]
fn keys_open_the_preferences_and_the_shortcuts() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-p"]);
    Table::within(app.window());
    for key in ["ctrl+comma", "ctrl+question"] {
        app.press(&[key]);
        app.dialog(key);
        app.press(&["Escape"]);
        app.alone();
    }
}

#[test]
fn a_preference_applies_at_once() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-p"]);
    let table = Table::within(app.window());
    let units = |units: &[&str]| {
        let shown = table.column_of("Memory", 10);
        // Small numbers are bytes in any unit.
        let known = shown
            .iter()
            .filter(|shown| shown.contains(|c: char| c.is_ascii_digit()) && !shown.ends_with(" B"));
        let known: Vec<_> = known.collect();
        (!known.is_empty() && known.iter().all(|shown| units.iter().any(|unit| shown.ends_with(unit))))
            .then_some(())
    };
    app.click(table.header("Memory"), Button::Left);
    wait_for("powers of 1024", || units(&["KiB", "MiB", "GiB"]));
    app.press(&["ctrl+comma"]);
    let dialog = app.dialog("the preferences");
    // The switch of a row is called after it; "Role::Switch" came later than GTK 4.8.
    let wanted = |node: &Node| {
        node.name() == "Powers of 1000" && (node.is(Role::CheckBox) || node.is(Role::ToggleButton))
    };
    let switch = wait_for("the switch of the units", || dialog.find_everywhere(&wanted));
    switch.activate();
    wait_for("powers of 1000", || units(&["kB", "MB", "GB"]));
    app.press(&["Escape"]);
    app.alone();
}

#[test]
fn page_order_and_size_survive_a_restart() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-p"]);
    let table = Table::within(app.window());
    app.click(table.header("ID"), Button::Left);
    wait_for("ascending ids", || (table.cell(0, "ID")? == "1").then_some(()));
    app.press(&["alt+3"]);
    app.shows_page("File Systems");
    app.press(&["ctrl+q"]);
    let status = app.ended();
    assert!(status.success(), "{status}");
    assert!(desktop.chosen().contains("processes-sort-column='pid'"), "{}", desktop.chosen());

    let app = App::start(&desktop, &[]);
    app.shows_page("File Systems");
    app.press(&["alt+2"]);
    let table = Table::within(app.window());
    wait_for("the first process of all in the first row", || (table.cell(0, "ID")? == "1").then_some(()));
}

#[test]
fn the_search_button_is_for_the_page_that_can_be_searched() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-p"]);
    let button = wait_for("the search button", || app.window().button("Search"));
    assert!(button.has(State::Sensitive));
    app.press(&["alt+1"]);
    wait_for("the search button to be insensitive", || (!button.has(State::Sensitive)).then_some(()));
}

#[test]
fn it_closes_by_key_and_ends_when_it_is_asked_to() {
    let desktop = Desktop::start();
    for key in ["ctrl+q", "ctrl+w"] {
        let app = App::start(&desktop, &[]);
        app.press(&[key]);
        let status = app.ended();
        assert!(status.success(), "{key}: {status}");
    }
    let status = App::start(&desktop, &[]).end(Signal::TERM);
    let by_signal = std::os::unix::process::ExitStatusExt::signal(&status);
    assert!(status.success() || by_signal == Some(Signal::TERM.as_raw()), "{status}");
}
