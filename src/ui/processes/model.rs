//! The table as GTK sees it: a list of permanent row objects, and a selection that belongs to processes.
//!
//! `item(i)` always is the object that stands for *row i of the screen*. When the order changes GTK is told
//! nothing but a changed length: the cells in view are re-read. That is what makes a re-sort of 10,000 rows
//! cost as much as one of 30.

use std::cell::{Ref, RefCell};
use std::sync::Arc;

use relm4::gtk::prelude::*;
use relm4::gtk::subclass::prelude::ObjectSubclassIsExt;
use relm4::gtk::{self, gio, glib};

use gnomon::columns::View;
use gnomon::snapshot::Snapshot;
use gnomon::table::{SortBy, Table};

mod imp {
    use super::{RefCell, Table};
    use relm4::gtk::prelude::*;
    use relm4::gtk::subclass::prelude::*;
    use relm4::gtk::{self, gio, glib};
    use std::cell::Cell;

    /// Stands for one row of the screen.
    #[derive(Default)]
    pub struct Slot {
        pub position: Cell<u32>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Slot {
        const NAME: &'static str = "GnomonSlot";
        type Type = super::Slot;
    }

    impl ObjectImpl for Slot {}

    pub struct RowModel {
        pub table: RefCell<Table>,
        pub slots: RefCell<Vec<super::Slot>>,
        /// What GTK was told of the number of rows.
        pub told: Cell<u32>,
    }

    impl Default for RowModel {
        fn default() -> Self {
            let table = Table::new(Default::default(), Default::default());
            Self { table: RefCell::new(table), slots: RefCell::default(), told: Cell::new(0) }
        }
    }

    #[glib::object_subclass]
    impl ObjectSubclass for RowModel {
        const NAME: &'static str = "GnomonRowModel";
        type Type = super::RowModel;
        type Interfaces = (gio::ListModel, gtk::SelectionModel);
    }

    impl ObjectImpl for RowModel {}

    impl ListModelImpl for RowModel {
        fn item_type(&self) -> glib::Type {
            super::Slot::static_type()
        }

        fn n_items(&self) -> u32 {
            self.told.get()
        }

        fn item(&self, position: u32) -> Option<glib::Object> {
            if position >= self.told.get() {
                return None;
            }
            let mut slots = self.slots.borrow_mut();
            while slots.len() <= position as usize {
                let next = super::Slot::new(slots.len());
                slots.push(next);
            }
            slots.get(position as usize).map(|slot| slot.clone().upcast())
        }
    }

    impl RowModel {
        /// Changes the selection and tells GTK which rows to look at again.
        fn change(&self, change: impl FnOnce(&mut Table)) -> bool {
            change(&mut self.table.borrow_mut());
            let rows = self.told.get();
            if rows > 0 {
                self.obj().selection_changed(0, rows);
            }
            true
        }
    }

    impl SelectionModelImpl for RowModel {
        fn is_selected(&self, position: u32) -> bool {
            self.table.borrow().is_selected(position as usize)
        }

        fn selection_in_range(&self, position: u32, count: u32) -> gtk::Bitset {
            let selected = gtk::Bitset::new_empty();
            let table = self.table.borrow();
            if table.selected_count() > 0 {
                let end = position.saturating_add(count).min(self.told.get());
                for position in (position..end).filter(|&row| table.is_selected(row as usize)) {
                    selected.add(position);
                }
            }
            selected
        }

        fn select_item(&self, position: u32, unselect_rest: bool) -> bool {
            self.select_range(position, 1, unselect_rest)
        }

        fn unselect_item(&self, position: u32) -> bool {
            self.unselect_range(position, 1)
        }

        fn select_range(&self, position: u32, count: u32, unselect_rest: bool) -> bool {
            self.change(|table| {
                if unselect_rest {
                    table.clear_selection();
                }
                for row in position..position.saturating_add(count).min(self.told.get()) {
                    table.select(row as usize, true);
                }
            })
        }

        fn unselect_range(&self, position: u32, count: u32) -> bool {
            self.change(|table| {
                for row in position..position.saturating_add(count).min(self.told.get()) {
                    table.select(row as usize, false);
                }
            })
        }

        fn select_all(&self) -> bool {
            self.select_range(0, self.told.get(), false)
        }

        fn unselect_all(&self) -> bool {
            self.change(Table::clear_selection)
        }

        fn set_selection(&self, selected: &gtk::Bitset, mask: &gtk::Bitset) -> bool {
            self.change(|table| {
                for row in (0..self.told.get()).filter(|&row| mask.contains(row)) {
                    table.select(row as usize, selected.contains(row));
                }
            })
        }
    }
}

glib::wrapper! {
    /// The permanent object of one row of the screen.
    pub struct Slot(ObjectSubclass<imp::Slot>);
}

glib::wrapper! {
    /// The list and its selection, over a [`Table`].
    pub struct RowModel(ObjectSubclass<imp::RowModel>) @implements gio::ListModel, gtk::SelectionModel;
}

impl Slot {
    fn new(position: usize) -> Self {
        let slot: Self = glib::Object::new();
        slot.imp().position.set(u32::try_from(position).unwrap_or(u32::MAX));
        slot
    }

    /// The row that this object stands for.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.imp().position.get()
    }
}

impl RowModel {
    /// An empty list.
    #[must_use]
    pub fn new(sort: SortBy, view: View) -> Self {
        let model: Self = glib::Object::new();
        model.imp().table.replace(Table::new(sort, view));
        model
    }

    /// The table behind it.
    #[must_use]
    pub fn table(&self) -> Ref<'_, Table> {
        self.imp().table.borrow()
    }

    /// Shows another moment; see [`Table::show`].
    pub fn show(&self, snapshot: Arc<Snapshot>, hold: bool) {
        self.alter(|table| table.show(snapshot, hold));
    }

    /// Sorts by something else.
    pub fn set_sort(&self, sort: SortBy) {
        self.alter(|table| table.set_sort(sort));
    }

    /// Changes what values mean.
    pub fn set_view(&self, view: View) {
        self.alter(|table| table.set_view(view));
    }

    /// Shows only the processes that match.
    pub fn set_search(&self, words: &str) {
        self.alter(|table| table.set_search(words));
    }

    /// Sorts now, even where the order was held.
    pub fn reorder(&self) {
        self.alter(Table::reorder);
    }

    /// Changes the table, then tells GTK only about rows at the end and about selected rows that moved.
    fn alter(&self, change: impl FnOnce(&mut Table)) {
        let imp = self.imp();
        let before = selected_rows(&imp.table.borrow());
        change(&mut imp.table.borrow_mut());
        let rows = u32::try_from(imp.table.borrow().len()).unwrap_or(u32::MAX);
        let told = imp.told.replace(rows);
        if rows > told {
            self.items_changed(told, 0, rows - told);
        } else if rows < told {
            self.items_changed(rows, told - rows, 0);
        }
        let after = selected_rows(&imp.table.borrow());
        if before != after {
            // Rows that are gone took their selection with them.
            let still_there = || before.iter().chain(&after).copied().filter(|&row| row < rows);
            if let (Some(first), Some(last)) = (still_there().min(), still_there().max()) {
                self.selection_changed(first, last - first + 1);
            }
        }
    }
}

/// Rows that are selected, ascending; costs nothing while nothing is selected.
fn selected_rows(table: &Table) -> Vec<u32> {
    if table.selected_count() == 0 {
        return Vec::new();
    }
    (0..table.len()).filter(|&row| table.is_selected(row)).filter_map(|row| u32::try_from(row).ok()).collect()
}
