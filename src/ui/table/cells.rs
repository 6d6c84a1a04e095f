//! The cells on the screen: inscriptions, which never ask the list to lay itself out again, rewritten only
//! where they are seen and say something else than before.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use relm4::gtk;
use relm4::gtk::prelude::*;

use super::model::Place;
use super::{CellStyle, Write};
use crate::ui::list::rows_in_view;

/// All cells that GTK has bound to a row.
#[derive(Clone)]
pub struct Board {
    cells: Rc<RefCell<HashMap<u32, Vec<BoundCell>>>>,
    write: Rc<Write>,
}

/// A cell that shows a value of the row at a position.
struct BoundCell {
    column: usize,
    text: gtk::Inscription,
    shown: String,
}

impl Board {
    /// A board without cells.
    #[must_use]
    pub fn new(write: Rc<Write>) -> Self {
        Self { cells: Rc::default(), write }
    }

    /// A factory of the cells of one column.
    #[must_use]
    pub fn factory(&self, column: usize, style: CellStyle) -> gtk::SignalListItemFactory {
        let factory = gtk::SignalListItemFactory::new();
        factory.connect_setup(move |_, item| {
            if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
                item.set_child(Some(&new_cell(style)));
            }
        });
        let board = self.clone();
        factory.connect_bind(move |_, item| {
            let Some((position, text)) = parts(item) else { return };
            let mut cell = BoundCell { column, text, shown: String::new() };
            // An empty text must replace what the cell showed of another row.
            cell.text.set_text(None);
            board.rewrite(&mut cell, position, &mut String::new());
            board.cells.borrow_mut().entry(position).or_default().push(cell);
        });
        let board = self.clone();
        factory.connect_unbind(move |_, item| {
            let Some((position, _)) = parts(item) else { return };
            let mut cells = board.cells.borrow_mut();
            if let Some(row) = cells.get_mut(&position) {
                row.retain(|cell| cell.column != column);
                if row.is_empty() {
                    cells.remove(&position);
                }
            }
        });
        factory
    }

    /// The rows that can be seen in a list as high as `viewport` pixels.
    #[must_use]
    pub fn rows_in_view(&self, viewport: f64) -> Range<u32> {
        let cells = self.cells.borrow();
        let bound = cells.iter().filter_map(|(position, row)| Some((*position, row.first()?.text.clone())));
        rows_in_view(bound, viewport)
    }

    /// Rewrites the cells of these rows where they say something else now.
    pub fn refresh(&self, rows: Range<u32>) {
        let mut cells = self.cells.borrow_mut();
        let mut text = String::with_capacity(64);
        for position in rows {
            for cell in cells.get_mut(&position).into_iter().flatten() {
                self.rewrite(cell, position, &mut text);
            }
        }
    }

    /// Rewrites all cells where they say something else now; GTK keeps some 200 rows of them.
    pub fn refresh_all(&self) {
        let mut text = String::with_capacity(64);
        for (position, row) in self.cells.borrow_mut().iter_mut() {
            for cell in row {
                self.rewrite(cell, *position, &mut text);
            }
        }
    }

    fn rewrite(&self, cell: &mut BoundCell, position: u32, text: &mut String) {
        text.clear();
        (self.write)(cell.column, position, text);
        if cell.shown != *text {
            cell.text.set_text(Some(text));
            cell.shown.clone_from(text);
        }
    }
}

fn parts(item: &gtk::glib::Object) -> Option<(u32, gtk::Inscription)> {
    let item = item.downcast_ref::<gtk::ListItem>()?;
    let position = item.item().and_downcast::<Place>()?.position();
    Some((position, item.child().and_downcast()?))
}

fn new_cell(style: CellStyle) -> gtk::Inscription {
    let overflow = match style {
        CellStyle::Text => gtk::InscriptionOverflow::EllipsizeMiddle,
        _ => gtk::InscriptionOverflow::EllipsizeEnd,
    };
    let cell = gtk::Inscription::builder()
        .xalign(if style.is_right() { 1.0 } else { 0.0 })
        .text_overflow(overflow)
        .hexpand(true)
        .nat_lines(1)
        .min_lines(1)
        .build();
    match style {
        CellStyle::Text => {}
        CellStyle::Numeric => cell.add_css_class("numeric-cell"),
        CellStyle::Address | CellStyle::Code => cell.add_css_class("monospace"),
    }
    cell
}
