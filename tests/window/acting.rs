//! Acting on real processes: End, Kill, Change Priority.

use std::thread::sleep;
use std::time::Duration;

use rustix::process::Signal;

use crate::harness::app::App;
use crate::harness::atspi::{Node, Role, wait_for};
use crate::harness::desktop::Desktop;
use crate::harness::input::Button;
use crate::harness::quarry::Quarry;

/// Waits for the dialog that comes before the deed, and for the process, its id and its user in it.
#[track_caller]
fn dialog_about(app: &App<'_>, quarry: &Quarry) -> Node {
    let dialog = app.dialog("a dialog");
    wait_for("the process in the dialog", || {
        let words = dialog.words().join("\n");
        [&quarry.in_words(), quarry.user()].iter().all(|word| words.contains(*word)).then_some(())
    });
    dialog
}

#[test]
fn delete_asks_first_and_cancel_leaves_the_process_alone() {
    let desktop = Desktop::start();
    let quarry = Quarry::asleep(&desktop, 'e');
    let app = App::start(&desktop, &["-p"]);
    app.click(&quarry.sought_in(&app), Button::Left);
    app.press(&["Delete"]);
    let dialog = dialog_about(&app, &quarry);
    app.press_button(&dialog, "Cancel");
    app.alone();
    // Return means Cancel: nobody ends a process with a key too many.
    app.press(&["Delete"]);
    dialog_about(&app, &quarry);
    app.press(&["Return"]);
    app.alone();
    app.press(&["Delete"]);
    dialog_about(&app, &quarry);
    app.press(&["Escape"]);
    app.alone();
    sleep(Duration::from_millis(500));
    assert!(quarry.is_alive());
}

#[test]
fn the_context_menu_ends_a_process() {
    let desktop = Desktop::start();
    let quarry = Quarry::asleep(&desktop, 'f');
    let app = App::start(&desktop, &["-p"]);
    app.click(&quarry.sought_in(&app), Button::Right);
    app.choose(&["End…"]);
    app.press_button(&dialog_about(&app, &quarry), "End");
    app.says(&format!("Ended {}", quarry.in_words()));
    assert_eq!(quarry.death(), Signal::TERM.as_raw());
    app.rest_pointer();
    wait_for("its row to go", || app.window().label("No Process Matches")?.area());
}

#[test]
fn a_process_that_does_not_listen_is_not_called_ended_and_dies_by_kill() {
    let desktop = Desktop::start();
    let quarry = Quarry::deaf(&desktop, 'g');
    let app = App::start(&desktop, &["-p"]);
    app.click(&quarry.sought_in(&app), Button::Left);
    app.press(&["Delete"]);
    app.press_button(&dialog_about(&app, &quarry), "End");
    let told = app.says(&quarry.in_words());
    assert!(!told.starts_with("Ended") && quarry.is_alive(), "{told}");
    app.alone();
    app.press(&["ctrl+k"]);
    app.press_button(&dialog_about(&app, &quarry), "Kill");
    app.says(&format!("Killed {}", quarry.in_words()));
    assert_eq!(quarry.death(), Signal::KILL.as_raw());
}

#[test]
fn without_confirmation_delete_ends_at_once() {
    let desktop = Desktop::start();
    desktop.choose(&["confirm-actions=false"]);
    let quarry = Quarry::asleep(&desktop, 'h');
    let app = App::start(&desktop, &["-p"]);
    app.click(&quarry.sought_in(&app), Button::Left);
    app.press(&["Delete"]);
    assert_eq!(quarry.death(), Signal::TERM.as_raw());
    app.says(&format!("Ended {}", quarry.in_words()));
}

#[test]
fn the_menu_changes_the_priority() {
    let desktop = Desktop::start();
    let quarry = Quarry::asleep(&desktop, 'i');
    let app = App::start(&desktop, &["-p"]);
    assert_eq!(quarry.nice(), 0);
    app.click(&quarry.sought_in(&app), Button::Right);
    app.choose(&["Change Priority", "Low (5)"]);
    wait_for("the nice value to be 5", || (quarry.nice() == 5).then_some(()));
    app.says(&quarry.in_words());
}

#[test]
fn the_priority_dialog_sets_the_number_that_was_chosen() {
    let desktop = Desktop::start();
    let quarry = Quarry::asleep(&desktop, 'j');
    let app = App::start(&desktop, &["-p"]);
    app.click(&quarry.sought_in(&app), Button::Left);
    app.press(&["ctrl+p"]);
    let dialog = dialog_about(&app, &quarry);
    let number = wait_for("a number to choose", || dialog.find_everywhere(&|node| node.is(Role::SpinButton)));
    number.set_value(7.0);
    app.press_button(&dialog, "Change");
    wait_for("the nice value to be 7", || (quarry.nice() == 7).then_some(()));
}
