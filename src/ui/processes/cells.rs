//! The cells of the process table: cheap, and rewritten only where a person would see a difference.
//!
//! A cell is a `GtkInscription`: unlike a label it never asks the list to lay itself out again. The board
//! knows which cell shows which row, and an update touches only those in view whose text changed.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use relm4::gtk;
use relm4::gtk::prelude::*;

use gnomon::columns::{COLUMNS, Column};
use gnomon::table::Table;
use gnomon::units::UnitStyle;

use super::icon::Icon;
use super::icons::Icons;
use super::model::{RowModel, Slot};
use crate::ui::list::{row_of, rows_in_view};

/// All cells that GTK has bound to a row.
#[derive(Clone)]
pub struct Board {
    cells: Rc<RefCell<HashMap<u32, Vec<Rc<BoundCell>>>>>,
    style: Rc<Cell<UnitStyle>>,
    icons: Icons,
}

/// A cell that shows a value of the row at a position.
struct BoundCell {
    column: &'static Column,
    child: gtk::Widget,
    text: gtk::Inscription,
    icon: Option<Icon>,
    shown: RefCell<String>,
    dimmed: Cell<bool>,
    shown_icon: RefCell<Option<gtk::IconPaintable>>,
}

impl Board {
    /// A board without cells.
    #[must_use]
    pub fn new(style: UnitStyle, icons: Icons) -> Self {
        Self { cells: Rc::default(), style: Rc::new(Cell::new(style)), icons }
    }

    /// Changes the units; the next refresh shows them.
    pub fn set_style(&self, style: UnitStyle) {
        self.style.set(style);
    }

    /// A factory of the cells of one column.
    #[must_use]
    pub fn factory(&self, column: &'static Column, model: &RowModel) -> gtk::SignalListItemFactory {
        let factory = gtk::SignalListItemFactory::new();
        factory.connect_setup(move |_, item| {
            if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
                item.set_child(Some(&new_cell(column)));
            }
        });
        let (board, model) = (self.clone(), model.downgrade());
        factory.connect_bind(move |_, item| {
            let Some(item) = item.downcast_ref::<gtk::ListItem>() else { return };
            let (Some(child), Some(model)) = (item.child(), model.upgrade()) else { return };
            let Some(position) = item.item().and_downcast::<Slot>().map(|slot| slot.position()) else {
                return;
            };
            if let Some(cell) = BoundCell::of(column, &child) {
                let cell = Rc::new(cell);
                board.write(&cell, &model.table(), position, &mut String::new());
                board.cells.borrow_mut().entry(position).or_default().push(cell);
            }
        });
        let board = self.clone();
        factory.connect_unbind(move |_, item| {
            let Some(item) = item.downcast_ref::<gtk::ListItem>() else { return };
            let Some(position) = item.item().and_downcast::<Slot>().map(|slot| slot.position()) else {
                return;
            };
            let mut cells = board.cells.borrow_mut();
            if let Some(row) = cells.get_mut(&position) {
                row.retain(|cell| cell.column.id != column.id);
                if row.is_empty() {
                    cells.remove(&position);
                }
            }
        });
        factory
    }

    /// Rewrites the cells of these rows where they say something else now.
    pub fn refresh(&self, table: &Table, rows: Range<u32>) {
        let cells = self.cells.borrow();
        let mut text = String::with_capacity(64);
        for position in rows {
            for cell in cells.get(&position).into_iter().flatten() {
                self.write(cell, table, position, &mut text);
            }
        }
    }

    /// The rows that can be seen in a list as high as `viewport` pixels.
    #[must_use]
    pub fn rows_in_view(&self, viewport: f64) -> Range<u32> {
        let cells = self.cells.borrow();
        let bound = cells.iter().filter_map(|(position, row)| Some((*position, row.first()?.child.clone())));
        rows_in_view(bound, viewport)
    }

    /// The row that a widget of the table belongs to.
    #[must_use]
    pub fn row_of(&self, widget: &gtk::Widget) -> Option<u32> {
        let cells = self.cells.borrow();
        let holds = |cell: &Rc<BoundCell>| {
            row_of(&cell.child).is_some_and(|row| row == *widget || widget.is_ancestor(&row))
        };
        cells.iter().find(|(_, row)| row.first().is_some_and(holds)).map(|(position, _)| *position)
    }

    fn write(&self, cell: &BoundCell, table: &Table, position: u32, text: &mut String) {
        text.clear();
        let row = table.row(position as usize);
        let mut zero = false;
        if let Some(row) = &row {
            let value = (cell.column.value)(row);
            zero = value.number() == Some(0.0);
            value.write(cell.column.unit, &self.style.get(), text);
        }
        if *cell.shown.borrow() != *text {
            cell.text.set_text(Some(text));
            cell.shown.replace(text.clone());
            if zero != cell.dimmed.replace(zero) {
                if zero {
                    cell.text.add_css_class("dim-zero")
                } else {
                    cell.text.remove_css_class("dim-zero")
                }
            }
        }
        if let (Some(image), Some(row)) = (&cell.icon, row) {
            let icon = self.icons.of(row.process, image);
            if cell.shown_icon.borrow().as_ref() != Some(&icon) {
                image.show(&icon);
                cell.shown_icon.replace(Some(icon));
            }
        }
    }
}

impl BoundCell {
    fn of(column: &'static Column, child: &gtk::Widget) -> Option<Self> {
        let (icon, text): (Option<Icon>, gtk::Inscription) = match child.downcast_ref::<gtk::Box>() {
            Some(both) => (both.first_child().and_downcast(), both.last_child().and_downcast()?),
            None => (None, child.clone().downcast().ok()?),
        };
        Some(Self {
            dimmed: Cell::new(text.has_css_class("dim-zero")),
            column,
            child: child.clone(),
            text,
            icon,
            shown: RefCell::default(),
            shown_icon: RefCell::default(),
        })
    }
}

/// The first column carries the icon of the process.
fn new_cell(column: &'static Column) -> gtk::Widget {
    let text = gtk::Inscription::builder()
        .xalign(if column.is_numeric() { 1.0 } else { 0.0 })
        .text_overflow(gtk::InscriptionOverflow::EllipsizeEnd)
        .hexpand(true)
        .nat_lines(1)
        .min_lines(1)
        .build();
    if column.is_numeric() {
        text.add_css_class("numeric-cell");
    }
    if COLUMNS.first().is_some_and(|first| first.id == column.id) {
        let both = gtk::Box::new(gtk::Orientation::Horizontal, 6);
        both.append(&Icon::default());
        both.append(&text);
        return both.upcast();
    }
    text.upcast()
}
