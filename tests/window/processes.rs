//! The Processes page: the table, its search, its order and its selection.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use crate::harness::app::App;
use crate::harness::atspi::{State, wait_for};
use crate::harness::desktop::Desktop;
use crate::harness::input::Button;
use crate::harness::quarry::Quarry;
use crate::harness::table::Table;

/// More rows than fit the window.
const VISIBLE: usize = 30;

/// The processes of this machine, as many as /proc lists.
fn processes_in_proc() -> usize {
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok()).count()
}

#[test]
fn every_process_has_its_row() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-p"]);
    let table = Table::within(app.window());
    assert_eq!(table.titles(), ["Name", "User", "CPU", "Memory", "Disk Read", "Disk Write", "ID"]);
    // GTK keeps some two hundred rows, however many there are.
    if processes_in_proc() < 150 {
        wait_for("as many rows as processes", || (table.len() == processes_in_proc()).then_some(()));
    } else {
        wait_for("many rows", || (table.len() >= 150).then_some(()));
    }
}

#[test]
fn typing_searches() {
    let desktop = Desktop::start();
    let quarry = Quarry::asleep(&desktop, 'a');
    let app = App::start(&desktop, &["-p"]);
    let all = Table::within(app.window()).len();
    app.type_text(quarry.name());
    let table = quarry.alone_in(&app);
    assert_eq!(table.cell(0, "Name").as_deref(), Some(quarry.name()));
    assert_eq!(table.cell(0, "User").as_deref(), Some(quarry.user()));
    let memory = table.cell(0, "Memory").unwrap_or_default();
    assert!(memory.ends_with("iB"), "memory of a process that may be read: {memory:?}");
    app.press(&["Escape"]);
    wait_for("all processes again", || (table.len() > all / 2).then_some(()));
}

#[test]
fn control_f_opens_the_search_and_closes_it() {
    let desktop = Desktop::start();
    let quarry = Quarry::asleep(&desktop, 'b');
    let app = App::start(&desktop, &["-p"]);
    Table::within(app.window());
    let button = wait_for("the search button", || app.window().button("Search"));
    app.search(&quarry.id());
    wait_for("the search button to be pressed", || button.has(State::Pressed).then_some(()));
    wait_for("the process by its id", || Table::within(app.window()).position("Name", quarry.name()));
    app.press(&["ctrl+a"]);
    app.type_text("no process is called that");
    wait_for("words instead of an empty table", || app.window().label("No Process Matches")?.area());
    app.press(&["ctrl+f"]);
    wait_for("the search button to be let go", || (!button.has(State::Pressed)).then_some(()));
    wait_for("all processes again", || (Table::within(app.window()).len() > 2).then_some(()));
}

#[test]
fn a_click_on_the_header_sorts_and_another_turns_the_order_around() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-p"]);
    let table = Table::within(app.window());
    let ids = || {
        let shown = table.column_of("ID", VISIBLE).into_iter();
        shown
            .map(|id| id.parse().unwrap_or_else(|_| panic!("{id:?} in the column of ids")))
            .collect::<Vec<u32>>()
    };
    app.click(table.header("ID"), Button::Left);
    // The first process of all stands first then.
    wait_for("ascending ids", || {
        let ids = ids();
        (ids.is_sorted() && ids.first() == Some(&1)).then_some(())
    });
    // Sooner it would be a double click, which is no second click to GTK.
    sleep(Duration::from_millis(600));
    app.click(table.header("ID"), Button::Left);
    wait_for("descending ids", || {
        let ids = ids();
        (ids.len() > 2 && ids.iter().rev().is_sorted() && ids.last() < ids.first()).then_some(())
    });
    app.click(table.header("Name"), Button::Left);
    wait_for("names in their order", || {
        let names: Vec<_> = table.column_of("Name", VISIBLE).iter().map(|name| name.to_lowercase()).collect();
        names.is_sorted().then_some(())
    });
}

#[test]
fn the_selection_stays_with_its_process_when_another_climbs() {
    let desktop = Desktop::start();
    let chosen = Quarry::asleep(&desktop, 'c');
    let app = App::start(&desktop, &["-p"]);
    app.search("quarry");
    let table = Table::within(app.window());
    let row_of = |quarry: &Quarry| table.position("ID", &quarry.id());
    let row = wait_for("the chosen process", || row_of(&chosen));
    app.rest_pointer();
    table.select(row);
    wait_for("the chosen row to be selected", || {
        (table.selected(VISIBLE) == [row_of(&chosen)?]).then_some(())
    });
    // The table is sorted by CPU, the busiest first: this one comes to stand before the chosen one.
    let climber = Quarry::busy(&desktop, 'd');
    wait_for("the busy process above the chosen one", || {
        (row_of(&climber)? < row_of(&chosen)?).then_some(())
    });
    wait_for("the chosen row, wherever it is, and no other to be selected", || {
        let selected = table.selected(VISIBLE);
        (selected == [row_of(&chosen)?]).then_some(())
    });
    assert!(app.says("1 process selected").starts_with('1'));
    drop(chosen);
    wait_for("the selection to end with its process", || table.selected(VISIBLE).is_empty().then_some(()));
    let row = row_of(&climber).and_then(|row| table.row(row)).expect("the busy process");
    assert!(!row.has(State::Selected), "another process was selected in place of the one that ended");
}
