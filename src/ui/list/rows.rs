//! Which rows of a column view can be seen.

use std::ops::Range;

use relm4::gtk;
use relm4::gtk::prelude::*;

/// The rows that can be seen in a list as high as `viewport` pixels, out of the bound ones: position, and
/// the child of one of the row's cells.
///
/// GTK keeps some two hundred rows, most of them outside the view, and guesses the height of those it has
/// not made; the rows themselves know best where they are.
pub fn rows_in_view(bound: impl Iterator<Item = (u32, impl IsA<gtk::Widget>)>, viewport: f64) -> Range<u32> {
    let seen = bound.filter_map(|(position, child)| {
        let place = row_of(&child)?.allocation();
        let (top, bottom) = (f64::from(place.y()), f64::from(place.y() + place.height()));
        // A row that has no place yet will have one in the next frame.
        let seen = place.height() == 0 || (bottom > 0.0 && top < viewport);
        seen.then_some(position)
    });
    let (first, last) = seen.fold((u32::MAX, 0), |(first, last), row| (first.min(row), last.max(row)));
    first..last.saturating_add(1)
}

/// GTK's widget of the whole row: a list item's child stands in a cell, the cell in the row.
#[must_use]
pub fn row_of(child: &impl IsA<gtk::Widget>) -> Option<gtk::Widget> {
    child.parent()?.parent()
}
