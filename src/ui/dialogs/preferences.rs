//! Preferences: every row is bound to its setting and applies at once.

use relm4::adw::prelude::*;
use relm4::gtk::gio::SettingsBindFlags;
use relm4::{adw, gtk};

use crate::ui::settings::{Settings, key};

/// Shows the window.
pub fn present(parent: &adw::ApplicationWindow, settings: &Settings) {
    let general = adw::PreferencesGroup::builder().title("General").build();
    let interval = gtk::SpinButton::with_range(0.25, 60.0, 0.25);
    interval.set_digits(2);
    settings.inner().bind(key::UPDATE_INTERVAL, &interval, "value").build();
    general.add(&row("Update Interval", "Seconds between two looks at the machine", &interval));

    let processes = adw::PreferencesGroup::builder().title("Processes").build();
    processes.add(&switch(settings, key::CONFIRM_ACTIONS, "Ask Before Ending", "Confirm End and Kill"));
    processes.add(&switch(
        settings,
        key::CPU_OF_ONE,
        "CPU in Percent of One CPU",
        "A process that keeps two CPUs busy shows 200 %, not its share of the machine",
    ));

    let file_systems = adw::PreferencesGroup::builder().title("File Systems").build();
    file_systems.add(&switch(
        settings,
        key::SHOW_ALL_FILE_SYSTEMS,
        "Show All File Systems",
        "Also the kernel’s own, such as proc and tmpfs",
    ));

    let units = adw::PreferencesGroup::builder().title("Units").build();
    let si = gtk::Switch::builder().valign(gtk::Align::Center).build();
    settings
        .inner()
        .bind(key::UNITS, &si, "active")
        .mapping(|units, _| Some((units.str() == Some("si")).to_value()))
        .set_mapping(|active, _| Some(if active.get().unwrap_or(false) { "si" } else { "iec" }.to_variant()))
        .build();
    units.add(&row("Powers of 1000", "MB instead of MiB", &si));
    units.add(&switch(settings, key::NETWORK_IN_BITS, "Network in Bits", "Mbit/s instead of MiB/s"));

    let page = adw::PreferencesPage::new();
    for group in [&general, &processes, &file_systems, &units] {
        page.add(group);
    }
    let window = adw::PreferencesWindow::builder()
        .transient_for(parent)
        .modal(true)
        .search_enabled(false)
        .default_width(520)
        .default_height(520)
        .build();
    window.add(&page);
    window.present();
}

fn switch(settings: &Settings, key: &str, title: &str, subtitle: &str) -> adw::ActionRow {
    let switch = gtk::Switch::builder().valign(gtk::Align::Center).build();
    settings.inner().bind(key, &switch, "active").flags(SettingsBindFlags::DEFAULT).build();
    row(title, subtitle, &switch)
}

fn row(title: &str, subtitle: &str, control: &impl IsA<gtk::Widget>) -> adw::ActionRow {
    control.set_valign(gtk::Align::Center);
    let row = adw::ActionRow::builder().title(title).subtitle(subtitle).activatable_widget(control).build();
    row.add_suffix(control);
    row
}
