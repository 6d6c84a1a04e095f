//! The column view: rows that are kept while they are mounted, the sort that the header asks for, and the
//! columns that have room.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use relm4::gtk;
use relm4::gtk::gio;
use relm4::gtk::glib::{self, BoxedAnyObject};
use relm4::gtk::prelude::*;

use gnomon::sample::FileSystem;
use gnomon::units::UnitStyle;

use super::cells::{self, Row};
use super::columns::{self, COLUMNS, Column, Sort};
use crate::ui::accessible::labelled;
use crate::ui::list::{HeaderSort, align_titles, direction};

/// The table's widgets.
pub struct TableView {
    view: gtk::ColumnView,
    scroller: gtk::ScrolledWindow,
    titles: Vec<gtk::ColumnViewColumn>,
    rows: gio::ListStore,
    sorter: gtk::CustomSorter,
    sort: Rc<Cell<Sort>>,
    header: HeaderSort<&'static Column>,
    style: Rc<Cell<UnitStyle>>,
}

impl TableView {
    /// An empty table.
    #[must_use]
    pub fn new(sort: Sort, style: UnitStyle) -> Self {
        let rows = gio::ListStore::new::<BoxedAnyObject>();
        let (sort, style) = (Rc::new(Cell::new(sort)), Rc::new(Cell::new(style)));
        let sorter = row_sorter(&sort);
        let sorted = gtk::SortListModel::new(Some(rows.clone()), Some(sorter.clone()));
        let selection =
            gtk::SingleSelection::builder().model(&sorted).autoselect(false).can_unselect(true).build();
        selection.set_selected(gtk::INVALID_LIST_POSITION);

        let view: gtk::ColumnView = labelled("File Systems");
        view.set_model(Some(&selection));
        view.set_reorderable(false);
        view.set_vexpand(true);
        let header = HeaderSort::new();
        let titles: Vec<_> = COLUMNS.iter().map(|column| new_title(column, &header, &style)).collect();
        for (title, column) in titles.iter().zip(&COLUMNS) {
            view.append_column(title);
            if column.id == sort.get().column.id {
                view.sort_by_column(Some(title), direction(sort.get().descending));
            }
        }
        align_titles(&view, COLUMNS.iter().map(|column| (column.description, column.is_numeric())));
        let scroller = gtk::ScrolledWindow::builder().child(&view).vexpand(true).build();
        Self { view, scroller, titles, rows, sorter, sort, header, style }
    }

    /// The widget to place.
    #[must_use]
    pub fn widget(&self) -> &gtk::ScrolledWindow {
        &self.scroller
    }

    /// Calls `sorted` after a click on a title.
    pub fn connect_sorted(&self, sorted: impl Fn() + 'static) {
        if let Some(sorter) = self.view.sorter() {
            sorter.connect_changed(move |_, _| sorted());
        }
    }

    /// Calls `resized` when the table has become wider or narrower.
    pub fn connect_resized(&self, resized: impl Fn() + 'static) {
        self.scroller.hadjustment().connect_page_size_notify(move |_| resized());
    }

    /// Calls `opened` with the mount whose row was double-clicked, or had the focus when Enter was pressed.
    pub fn connect_opened(&self, opened: impl Fn(FileSystem) + 'static) {
        self.view.connect_activate(move |view, position| {
            let item = view.model().and_then(|model| model.item(position)).and_downcast::<BoxedAnyObject>();
            if let Some(item) = item {
                let mount = item.borrow::<Row>().mount().clone();
                opened(mount);
            }
        });
    }

    /// Shows these mounts. A row stays the same object as long as its mount is there, and so stay the
    /// selection, the focus and the place that the table is scrolled to.
    pub fn show(&self, mounts: &[&FileSystem]) {
        let places: HashMap<_, _> =
            mounts.iter().enumerate().map(|(place, of)| (identity(of), place)).collect();
        self.remove_all_but(&places);
        let mut is_new = vec![true; mounts.len()];
        let mut moved = false;
        for item in self.rows.iter::<BoxedAnyObject>().flatten() {
            let mut row = item.borrow_mut::<Row>();
            let Some(&place) = places.get(&identity(row.mount())) else { continue };
            is_new[place] = false;
            moved |= self.sort.get().is_moved(row.mount(), mounts[place]);
            row.show(mounts[place], &self.style.get());
        }
        if moved {
            self.sorter.changed(gtk::SorterChange::Different);
        }
        let new = mounts.iter().zip(is_new).filter(|(_, is_new)| *is_new);
        let new: Vec<_> = new.map(|(mount, _)| Row::item((*mount).clone())).collect();
        if !new.is_empty() {
            self.rows.extend_from_slice(&new);
        }
    }

    /// Removes runs of rows from the end, so that unmounting thousands costs GTK little.
    fn remove_all_but(&self, places: &HashMap<Identity<'_>, usize>) {
        let is_gone = |position: u32| {
            let item = self.rows.item(position).and_downcast::<BoxedAnyObject>();
            item.is_none_or(|item| !places.contains_key(&identity(item.borrow::<Row>().mount())))
        };
        let mut position = self.rows.n_items();
        while position > 0 {
            let end = position;
            while position > 0 && is_gone(position - 1) {
                position -= 1;
            }
            if position < end {
                self.rows.splice(position, end - position, &[] as &[BoxedAnyObject]);
            }
            position = position.saturating_sub(1);
        }
    }

    /// Writes sizes in other units.
    pub fn set_style(&self, style: UnitStyle) {
        if self.style.replace(style) != style {
            for item in self.rows.iter::<BoxedAnyObject>().flatten() {
                item.borrow::<Row>().rewrite(&style);
            }
        }
    }

    /// Sorts as the header says; the new sort, if it is another.
    pub fn sort_as_header(&self) -> Option<Sort> {
        let (column, descending) = self.header.read(&self.view)?;
        let before = self.sort.get();
        let is_other = column.id != before.column.id;
        if !is_other && descending == before.descending {
            return None;
        }
        let mut sort = Sort { column, descending };
        if is_other && column.is_numeric() && !descending {
            // A first click on numbers means "the largest on top"; GTK begins with the smallest.
            sort.descending = true;
        }
        self.sort.set(sort);
        if sort.descending != descending {
            let title = self.titles.iter().zip(&COLUMNS).find(|(_, of)| of.id == column.id);
            self.view.sort_by_column(title.map(|(title, _)| title), direction(sort.descending));
        }
        self.sorter.changed(gtk::SorterChange::Different);
        Some(sort)
    }

    /// Shows the columns that have room; a row's tooltip says what the others would.
    pub fn fit(&self) {
        #[expect(clippy::cast_possible_truncation, reason = "a width in pixels")]
        let width = self.scroller.hadjustment().page_size() as i32;
        if width > 0 {
            for (title, fits) in self.titles.iter().zip(columns::fitting(width)) {
                title.set_visible(fits);
            }
        }
    }
}

type Identity<'m> = (Option<u32>, &'m [u8], &'m [u8], &'m [u8]);

/// The kernel gives the number of a mount to another one later: only with its names it is the same.
fn identity(mount: &FileSystem) -> Identity<'_> {
    (mount.mount_id, &mount.directory, &mount.device, &mount.kind)
}

fn row_sorter(sort: &Rc<Cell<Sort>>) -> gtk::CustomSorter {
    let sort = Rc::clone(sort);
    let row = |object: &glib::Object| object.clone().downcast::<BoxedAnyObject>().ok();
    gtk::CustomSorter::new(move |a, b| match (row(a), row(b)) {
        (Some(a), Some(b)) => sort.get().compare(a.borrow::<Row>().mount(), b.borrow::<Row>().mount()).into(),
        _ => gtk::Ordering::Equal,
    })
}

fn new_title(
    column: &'static Column,
    header: &HeaderSort<&'static Column>,
    style: &Rc<Cell<UnitStyle>>,
) -> gtk::ColumnViewColumn {
    gtk::ColumnViewColumn::builder()
        .title(column.title)
        .factory(&cells::factory(column, style))
        .sorter(&header.sorter(column))
        .resizable(true)
        .fixed_width(column.width)
        // Long paths get what is left over.
        .expand(column.field == columns::Field::Directory)
        .build()
}
