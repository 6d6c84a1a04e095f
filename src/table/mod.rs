//! The process table without a display: which process stands in which row, and which are selected.
//!
//! Rows are positions and the order is a plain `Vec`; selection belongs to processes, not to positions, so a
//! selected process stays selected wherever it moves and is never swapped for another.

mod order;

pub use order::{Order, SortBy};

use std::collections::HashSet;
use std::sync::Arc;

use crate::columns::{Row, View};
use crate::identity::ProcessId;
use crate::snapshot::Snapshot;

/// Rows, order, search and selection over the latest snapshot.
pub struct Table {
    snapshot: Option<Arc<Snapshot>>,
    order: Order,
    view: View,
    selected: HashSet<ProcessId>,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(sort: SortBy, view: View) -> Self {
        Self { snapshot: None, order: Order::new(sort), view, selected: HashSet::new() }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.positions().len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at a position.
    #[must_use]
    pub fn row(&self, position: usize) -> Option<Row<'_>> {
        let index = *self.order.positions().get(position)? as usize;
        self.snapshot.as_ref()?.row(index, self.view)
    }

    /// The process at a position.
    #[must_use]
    pub fn id_at(&self, position: usize) -> Option<ProcessId> {
        self.row(position).map(|row| row.process.id)
    }

    /// The position of a process, when its row is shown.
    #[must_use]
    pub fn position_of(&self, id: ProcessId) -> Option<usize> {
        (0..self.len()).find(|&position| self.id_at(position) == Some(id))
    }

    /// The moment that is shown.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        self.snapshot.as_ref()
    }

    /// Shows another moment. With `hold` the processes keep their rows as far as they still live, and new
    /// ones come last: nothing moves under the pointer.
    pub fn show(&mut self, snapshot: Arc<Snapshot>, hold: bool) {
        let before = self.snapshot.replace(snapshot);
        let Some(now) = &self.snapshot else { return };
        // What had no rates yet was in no order that anybody could want to hold.
        let hold = hold && before.as_ref().is_some_and(|before| before.elapsed_ns.is_some());
        self.order.update(before.as_deref(), now, self.view, hold);
        // A process that ended is not selected any more; one that a search hides still is.
        self.selected.retain(|id| now.index_of(*id).is_some());
    }

    /// What the rows are sorted by.
    #[must_use]
    pub fn sort(&self) -> SortBy {
        self.order.sort()
    }

    /// Sorts by something else, at once.
    pub fn set_sort(&mut self, sort: SortBy) {
        self.order.set_sort(sort);
        self.reorder();
    }

    /// Changes what values mean.
    pub fn set_view(&mut self, view: View) {
        self.view = view;
        self.reorder();
    }

    /// What values mean.
    #[must_use]
    pub fn view(&self) -> View {
        self.view
    }

    /// Shows only processes whose name, user, pid or command line holds these words.
    pub fn set_search(&mut self, words: &str) {
        self.order.set_search(words);
        self.reorder();
    }

    /// Sorts what is shown, even where the order was held.
    pub fn reorder(&mut self) {
        if let Some(now) = &self.snapshot {
            self.order.update(None, now, self.view, false);
        }
    }

    /// Whether the process at a position is selected.
    #[must_use]
    pub fn is_selected(&self, position: usize) -> bool {
        !self.selected.is_empty() && self.id_at(position).is_some_and(|id| self.selected.contains(&id))
    }

    /// Selects or unselects the process at a position.
    pub fn select(&mut self, position: usize, selected: bool) {
        let Some(id) = self.id_at(position) else { return };
        if selected {
            self.selected.insert(id);
        } else {
            self.selected.remove(&id);
        }
    }

    /// Selects nothing.
    pub fn clear_selection(&mut self) {
        self.selected.clear();
    }

    /// The selected processes, by pid.
    #[must_use]
    pub fn selection(&self) -> Vec<ProcessId> {
        let mut ids: Vec<_> = self.selected.iter().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// How many processes are selected.
    #[must_use]
    pub fn selected_count(&self) -> usize {
        self.selected.len()
    }
}

#[cfg(test)]
mod tests;
