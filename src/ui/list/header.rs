//! Titles that stand over what is below them, and room for a total.
//!
//! This reaches into widgets that GTK does not document; where they look different the titles stay as they
//! are and there are no totals.

use relm4::gtk;
use relm4::gtk::prelude::*;

/// The header cells of a column view, from the left.
#[must_use]
pub fn titles(view: &gtk::ColumnView) -> Vec<gtk::Widget> {
    let header = view.first_child();
    let first = header.and_then(|header| header.first_child());
    std::iter::successors(first, gtk::Widget::next_sibling).collect()
}

/// Dresses the titles of `view` from the left: a tooltip, and the right edge for columns of numbers.
pub fn align_titles<'t>(view: &gtk::ColumnView, columns: impl Iterator<Item = (&'t str, bool)>) {
    for (title, (tooltip, numeric)) in titles(view).iter().zip(columns) {
        title.set_tooltip_text(Some(tooltip));
        if let Some(line) = title.first_child().and_downcast::<gtk::Box>()
            && let Some(label) = line.first_child().and_downcast::<gtk::Label>()
            && numeric
        {
            line.set_halign(gtk::Align::End);
            // The arrow stands before the title, which else would leave room for it and not reach the edge.
            if let Some(arrow) = label.next_sibling() {
                line.reorder_child_after(&label, Some(&arrow));
            }
        }
    }
}

/// Puts an inscription for the total below an aligned title.
///
/// The titles are labels, and a label that changes each second lays the whole table out anew; an
/// inscription costs nothing to change.
#[must_use]
pub fn add_total(title: &gtk::Widget) -> Option<gtk::Inscription> {
    let line = title.first_child().and_downcast::<gtk::Box>()?;
    let label = line.last_child().and_downcast::<gtk::Label>()?;
    let total = gtk::Inscription::builder()
        .xalign(1.0)
        .min_lines(1)
        .nat_lines(1)
        .text_overflow(gtk::InscriptionOverflow::Clip)
        .build();
    total.add_css_class("column-total");
    label.set_xalign(1.0);
    // As wide as the column, so that the text fits wherever the cells' does.
    line.set_halign(gtk::Align::Fill);
    let both = gtk::Box::builder().orientation(gtk::Orientation::Vertical).hexpand(true).build();
    line.remove(&label);
    both.append(&label);
    both.append(&total);
    line.append(&both);
    Some(total)
}
