//! Menus on a list.

use relm4::gtk::prelude::*;
use relm4::gtk::{self, gdk, gio};

/// A menu that opens where it is pointed to on `view`, and goes when the view goes.
#[must_use]
pub fn popover(view: &gtk::ColumnView, menu: &gio::Menu) -> gtk::PopoverMenu {
    let popover = gtk::PopoverMenu::from_model(Some(menu));
    popover.set_has_arrow(false);
    popover.set_halign(gtk::Align::Start);
    popover.set_parent(view);
    view.connect_destroy({
        let popover = popover.clone();
        move |_| popover.unparent()
    });
    popover
}

/// Opens a menu at a point of its view.
pub fn open_at(popover: &gtk::PopoverMenu, x: f64, y: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    popover.set_pointing_to(Some(&gdk::Rectangle::new(x as i32, y as i32, 1, 1)));
    popover.popup();
}
