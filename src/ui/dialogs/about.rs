//! About Gnomon.

use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::ui::APP_ID;

/// Shows the window.
pub fn present(parent: &adw::ApplicationWindow) {
    adw::AboutWindow::builder()
        .transient_for(parent)
        .modal(true)
        .application_name("Gnomon")
        .application_icon(APP_ID)
        .developer_name("The Gnomon developers")
        .version(env!("CARGO_PKG_VERSION"))
        .comments(env!("CARGO_PKG_DESCRIPTION"))
        .license_type(gtk::License::Gpl30)
        .build()
        .present();
}
