//! The actions that every page has: menus, keys and accessibility share them.

use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::prelude::*;

use super::{App, AppInput, PAGES, SHOW_PAGE};
use crate::ui::dialogs::{about, preferences};

/// Keys of the actions; the pages' own stand in [`SHOW_PAGE`]'s loop.
const ACCELERATORS: [(&str, &[&str]); 6] = [
    ("app.refresh", &["<Control>r"]),
    ("app.search", &["<Control>f"]),
    ("app.preferences", &["<Control>comma"]),
    ("win.show-help-overlay", &["<Control>question"]),
    ("window.close", &["<Control>w"]),
    ("app.quit", &["<Control>q"]),
];

/// Adds the actions and their keys to the application.
pub fn add(app: &App, sender: &ComponentSender<App>) {
    let application = relm4::main_application();
    let page = gio::SimpleAction::new(SHOW_PAGE, Some(glib::VariantTy::STRING));
    let input = sender.input_sender().clone();
    page.connect_activate(move |_, name| {
        if let Some(name) = name.and_then(glib::Variant::get) {
            input.emit(AppInput::ShowPage(name));
        }
    });
    application.add_action(&page);

    let input = sender.input_sender().clone();
    add_plain("refresh", move || input.emit(AppInput::Refresh));
    let search = app.search.clone();
    add_plain("search", move || search.set_active(search.is_sensitive() && !search.is_active()));
    let (window, settings) = (app.window.clone(), app.settings.clone());
    add_plain("preferences", move || preferences::present(&window, &settings));
    let window = app.window.clone();
    add_plain("about", move || about::present(&window));
    let window = app.window.clone();
    add_plain("quit", move || window.close());

    for (action, keys) in ACCELERATORS {
        application.set_accels_for_action(action, keys);
    }
    for (number, (page, _, _)) in PAGES.iter().enumerate() {
        let action = gio::Action::print_detailed_name(&format!("app.{SHOW_PAGE}"), Some(&page.to_variant()));
        application.set_accels_for_action(&action, &[&format!("<Alt>{}", number + 1)]);
    }
}

/// An action without a parameter.
fn add_plain(name: &str, run: impl Fn() + 'static) {
    let action = gio::SimpleAction::new(name, None);
    action.connect_activate(move |_, _| run());
    relm4::main_application().add_action(&action);
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use gnomon::actions::ACTIONS;

    use super::*;
    use crate::ui::processes::DIALOG_KEYS;

    #[test]
    fn every_key_means_one_thing_and_stands_in_the_shortcuts_window() {
        let overlay = include_str!("../../../resources/gtk/help-overlay.ui");
        let pages = (1..=PAGES.len()).map(|number| format!("<Alt>{number}"));
        let general = ACCELERATORS.iter().flat_map(|(_, keys)| keys.iter().map(ToString::to_string));
        let acting = ACTIONS.iter().filter_map(|action| action.accel.map(str::to_owned));
        let dialogs = DIALOG_KEYS.iter().map(|(_, key)| (*key).to_owned());
        let mut seen = HashSet::new();
        for key in pages.chain(general).chain(acting).chain(dialogs) {
            let written = key.replace('<', "&lt;").replace('>', "&gt;");
            assert!(overlay.contains(&format!(">{written}<")), "{key} is not in the shortcuts window");
            assert!(seen.insert(key.to_lowercase()), "{key} twice");
        }
    }
}
