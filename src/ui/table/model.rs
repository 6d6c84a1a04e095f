//! The list as GTK sees it: how many rows there are, and which positions are selected.
//!
//! `item(i)` always is the object that stands for *row i of the screen*; when the order changes GTK is told
//! nothing but a changed length, and the cells in view are rewritten. What a row is the owner knows, and
//! it says which positions are selected after each change of order.

use relm4::gtk::prelude::*;
use relm4::gtk::subclass::prelude::ObjectSubclassIsExt;
use relm4::gtk::{self, gio, glib};

mod imp {
    use std::cell::{Cell, RefCell};

    use relm4::gtk::prelude::*;
    use relm4::gtk::subclass::prelude::*;
    use relm4::gtk::{self, gio, glib};

    #[derive(Default)]
    pub struct Place {
        pub position: Cell<u32>,
    }

    #[glib::object_subclass]
    impl ObjectSubclass for Place {
        const NAME: &'static str = "GnomonPlace";
        type Type = super::Place;
    }

    impl ObjectImpl for Place {}

    pub struct PositionModel {
        pub rows: Cell<u32>,
        pub places: RefCell<Vec<super::Place>>,
        pub selected: RefCell<gtk::Bitset>,
    }

    impl Default for PositionModel {
        fn default() -> Self {
            Self {
                rows: Cell::default(),
                places: RefCell::default(),
                selected: gtk::Bitset::new_empty().into(),
            }
        }
    }

    #[glib::object_subclass]
    impl ObjectSubclass for PositionModel {
        const NAME: &'static str = "GnomonPositionModel";
        type Type = super::PositionModel;
        type Interfaces = (gio::ListModel, gtk::SelectionModel);
    }

    impl ObjectImpl for PositionModel {}

    impl ListModelImpl for PositionModel {
        fn item_type(&self) -> glib::Type {
            super::Place::static_type()
        }

        fn n_items(&self) -> u32 {
            self.rows.get()
        }

        fn item(&self, position: u32) -> Option<glib::Object> {
            if position >= self.rows.get() {
                return None;
            }
            let mut places = self.places.borrow_mut();
            while places.len() <= position as usize {
                let next = super::Place::new(places.len());
                places.push(next);
            }
            places.get(position as usize).map(|place| place.clone().upcast())
        }
    }

    impl PositionModel {
        /// Changes the selection and tells GTK which rows to look at again.
        fn change(&self, change: impl FnOnce(&gtk::Bitset)) -> bool {
            let before = self.selected.borrow().copy();
            change(&self.selected.borrow());
            let difference = self.selected.borrow().copy();
            difference.difference(&before);
            if !difference.is_empty() {
                let first = difference.minimum();
                self.obj().selection_changed(first, difference.maximum() - first + 1);
            }
            true
        }

        fn clamp(&self, position: u32, count: u32) -> u32 {
            count.min(self.rows.get().saturating_sub(position))
        }
    }

    impl SelectionModelImpl for PositionModel {
        fn is_selected(&self, position: u32) -> bool {
            self.selected.borrow().contains(position)
        }

        fn selection_in_range(&self, _: u32, _: u32) -> gtk::Bitset {
            self.selected.borrow().copy()
        }

        fn select_item(&self, position: u32, unselect_rest: bool) -> bool {
            self.select_range(position, 1, unselect_rest)
        }

        fn unselect_item(&self, position: u32) -> bool {
            self.unselect_range(position, 1)
        }

        fn select_range(&self, position: u32, count: u32, unselect_rest: bool) -> bool {
            let count = self.clamp(position, count);
            self.change(|selected| {
                if unselect_rest {
                    selected.remove_all();
                }
                selected.add_range(position, count);
            })
        }

        fn unselect_range(&self, position: u32, count: u32) -> bool {
            let count = self.clamp(position, count);
            self.change(|selected| selected.remove_range(position, count))
        }

        fn select_all(&self) -> bool {
            self.select_range(0, self.rows.get(), false)
        }

        fn unselect_all(&self) -> bool {
            self.change(gtk::Bitset::remove_all)
        }

        fn set_selection(&self, chosen: &gtk::Bitset, mask: &gtk::Bitset) -> bool {
            let (chosen, rows) = (chosen.copy(), gtk::Bitset::new_range(0, self.rows.get()));
            chosen.intersect(mask);
            chosen.intersect(&rows);
            self.change(|selected| {
                selected.subtract(mask);
                selected.union(&chosen);
            })
        }
    }
}

glib::wrapper! {
    /// The permanent object of one row of the screen.
    pub struct Place(ObjectSubclass<imp::Place>);
}

glib::wrapper! {
    /// A number of rows and their selection.
    pub struct PositionModel(ObjectSubclass<imp::PositionModel>) @implements gio::ListModel, gtk::SelectionModel;
}

impl Default for PositionModel {
    fn default() -> Self {
        glib::Object::new()
    }
}

impl Place {
    fn new(position: usize) -> Self {
        let place: Self = glib::Object::new();
        place.imp().position.set(u32::try_from(position).unwrap_or(u32::MAX));
        place
    }

    /// The row that this object stands for.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.imp().position.get()
    }
}

impl PositionModel {
    /// The selected positions.
    #[must_use]
    pub fn selected(&self) -> gtk::Bitset {
        self.imp().selected.borrow().copy()
    }

    /// Says that there are so many rows now and that these are selected. GTK hears of rows at the end and of
    /// rows whose selection changed, and of nothing else: a selection that went with the last rows is the
    /// owner's to notice.
    pub fn set_rows(&self, rows: u32, selected: gtk::Bitset) {
        let imp = self.imp();
        let changed = selected.copy();
        let before = imp.selected.replace(selected);
        changed.difference(&before);
        let told = imp.rows.replace(rows);
        if rows > told {
            self.items_changed(told, 0, rows - told);
        } else if rows < told {
            self.items_changed(rows, told - rows, 0);
        }
        changed.intersect(&gtk::Bitset::new_range(0, rows));
        if !changed.is_empty() {
            let first = changed.minimum();
            self.selection_changed(first, changed.maximum() - first + 1);
        }
    }
}
