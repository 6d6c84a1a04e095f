//! Widgets with a name for screen readers.
//!
//! GTK 4.8 can name a widget, but the Rust bindings offer it only from 4.10 on; GtkBuilder's XML has no
//! such limit.

use relm4::gtk;
use relm4::gtk::glib;
use relm4::gtk::prelude::*;

/// A new widget of type `W` that assistive technology calls `label`.
///
/// # Panics
/// When `W` is not a widget that GtkBuilder knows: a mistake in this program.
#[must_use]
pub fn labelled<W: IsA<gtk::Widget> + IsA<glib::Object>>(label: &str) -> W {
    let label = glib::markup_escape_text(label);
    let class = W::static_type().name();
    let builder = gtk::Builder::from_string(&format!(
        "<interface><object class=\"{class}\" id=\"widget\">\
         <accessibility><property name=\"label\">{label}</property></accessibility></object></interface>"
    ));
    builder.object("widget").expect("a widget class")
}
