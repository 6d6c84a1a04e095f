//! Which column a header's arrow stands at.

use std::cell::Cell;
use std::rc::Rc;

use relm4::gtk;
use relm4::gtk::prelude::*;

/// Reads the sort off the header of a column view, whose columns are told apart by `K`.
///
/// GTK 4.8 shows the arrow but tells nobody where it stands; it only compares rows through the sorters of
/// its columns. So each column's sorter notes that it was asked and says "smaller": the first one asked is
/// the sorted column, and the answer comes back turned around when the order is descending.
pub struct HeaderSort<K> {
    asked: Rc<Cell<Option<K>>>,
}

impl<K: Copy + 'static> HeaderSort<K> {
    /// For one column view.
    #[must_use]
    pub fn new() -> Self {
        Self { asked: Rc::new(Cell::new(None)) }
    }

    /// The sorter of a column; it makes the title clickable and orders nothing.
    #[must_use]
    pub fn sorter(&self, column: K) -> gtk::CustomSorter {
        let asked = Rc::clone(&self.asked);
        gtk::CustomSorter::new(move |_, _| {
            if asked.get().is_none() {
                asked.set(Some(column));
            }
            gtk::Ordering::Smaller
        })
    }

    /// The sorted column, and whether it is descending; `None` while no column is sorted.
    #[must_use]
    pub fn read(&self, view: &gtk::ColumnView) -> Option<(K, bool)> {
        // GTK does not ask when both rows are the same object.
        let rows = [gtk::StringObject::new("a"), gtk::StringObject::new("b")];
        self.asked.set(None);
        let answer = view.sorter()?.compare(&rows[0], &rows[1]);
        Some((self.asked.take()?, answer == gtk::Ordering::Larger))
    }
}

/// The arrow's direction.
#[must_use]
pub fn direction(descending: bool) -> gtk::SortType {
    if descending { gtk::SortType::Descending } else { gtk::SortType::Ascending }
}
