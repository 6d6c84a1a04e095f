//! A table over rows that live elsewhere: thousands of rows cost as much as those that are seen.
//!
//! The owner keeps the rows, sorts them where it likes and says how a cell reads ([`Write`]); [`Grid`] has
//! the columns and the header, [`model::PositionModel`] the number of rows and the selection, and
//! [`cells::Board`] the cells on the screen.

pub mod cells;
pub mod model;

use std::cell::Cell;
use std::rc::Rc;

use relm4::gtk;
use relm4::gtk::prelude::*;

use self::cells::Board;
use self::model::PositionModel;
use super::accessible::labelled;
use super::list::{HeaderSort, add_total, align_titles, direction, titles};

/// Pixels that a character of a column's declared width takes.
const CHARACTER_PX: i32 = 9;

/// Appends the text of a cell: column, row.
pub type Write = dyn Fn(usize, u32, &mut String);

/// A column as its header says it.
#[derive(Debug, Clone, Copy)]
pub struct Heading {
    /// Header.
    pub title: &'static str,
    /// What it is, for the tooltip.
    pub description: &'static str,
    /// Width in characters at first.
    pub width: u16,
    /// How its cells look.
    pub style: CellStyle,
    /// Whether a sum stands below the title.
    pub total: bool,
}

/// How a column's cells look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellStyle {
    /// Left; too long a text loses its middle, because paths differ at their ends.
    Text,
    /// Right, in figures of one width.
    Numeric,
    /// Right, in letters of one width: addresses.
    Address,
    /// Left, in letters of one width: flags.
    Code,
}

impl CellStyle {
    /// Whether the larger end of the column is looked for first.
    fn descends_first(self) -> bool {
        self == Self::Numeric
    }

    fn is_right(self) -> bool {
        matches!(self, Self::Numeric | Self::Address)
    }
}

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// Index of the column.
    pub column: usize,
    /// The largest first.
    pub descending: bool,
}

/// The widgets of a table.
pub struct Grid {
    view: gtk::ColumnView,
    scroller: gtk::ScrolledWindow,
    model: PositionModel,
    board: Board,
    totals: Vec<Option<gtk::Inscription>>,
    headings: Vec<Heading>,
    sort: Cell<Sort>,
    asked: HeaderSort<usize>,
}

impl Grid {
    /// Builds a table that assistive technology calls `label`. The first column takes the room that is left.
    #[must_use]
    pub fn new(
        label: &str,
        headings: Vec<Heading>,
        sort: Sort,
        write: impl Fn(usize, u32, &mut String) + 'static,
    ) -> Self {
        let model = PositionModel::default();
        let view: gtk::ColumnView = labelled(label);
        view.set_model(Some(&model));
        view.set_vexpand(true);
        view.add_css_class("data-table");
        let scroller = gtk::ScrolledWindow::builder().child(&view).vexpand(true).build();
        let board = Board::new(Rc::new(write));
        let asked = HeaderSort::new();
        for (index, heading) in headings.iter().enumerate() {
            let column = gtk::ColumnViewColumn::builder()
                .title(heading.title)
                .factory(&board.factory(index, heading.style))
                .resizable(true)
                .expand(index == 0)
                .fixed_width(i32::from(heading.width) * CHARACTER_PX)
                .sorter(&asked.sorter(index))
                .build();
            view.append_column(&column);
            if index == sort.column {
                view.sort_by_column(Some(&column), direction(sort.descending));
            }
        }
        align_titles(&view, headings.iter().map(|heading| (heading.description, heading.style.is_right())));
        let titles = titles(&view);
        let totals = titles.iter().zip(&headings);
        let totals =
            totals.map(|(title, heading)| heading.total.then(|| add_total(title)).flatten()).collect();
        Self { view, scroller, model, board, totals, headings, sort: Cell::new(sort), asked }
    }

    /// Calls these when the header asks for another order, the selection changes, or the table was scrolled.
    /// The last must [`Grid::refresh`]: cells out of sight are not kept up to date.
    pub fn connect(
        &self,
        sorted: impl Fn() + 'static,
        selected: impl Fn() + 'static,
        scrolled: impl Fn() + 'static,
    ) {
        if let Some(sorter) = self.view.sorter() {
            sorter.connect_changed(move |_, _| sorted());
        }
        self.model.connect_selection_changed(move |_, _, _| selected());
        self.scroller.vadjustment().connect_value_changed(move |_| scrolled());
    }

    /// The widget to place.
    #[must_use]
    pub fn widget(&self) -> &gtk::ScrolledWindow {
        &self.scroller
    }

    /// The column view itself.
    #[must_use]
    pub fn view(&self) -> &gtk::ColumnView {
        &self.view
    }

    /// The rows' number and selection.
    #[must_use]
    pub fn model(&self) -> &PositionModel {
        &self.model
    }

    /// Says that there are so many rows now, which of them are selected, and rewrites those in view.
    pub fn show(&self, rows: u32, selected: gtk::Bitset) {
        let as_many = rows == self.model.n_items();
        self.model.set_rows(rows, selected);
        if as_many {
            self.refresh();
        } else {
            // Which rows are in view is known after the next layout.
            self.board.refresh_all();
        }
    }

    /// Rewrites the cells in view.
    pub fn refresh(&self) {
        self.board.refresh(self.board.rows_in_view(self.scroller.vadjustment().page_size()));
    }

    /// Writes the sum below a column's title.
    pub fn write_total(&self, column: usize, text: &str) {
        if let Some(Some(total)) = self.totals.get(column)
            && total.text().is_none_or(|shown| shown != text)
        {
            total.set_text(Some(text));
        }
    }

    /// The order that the header asks for, when it is another than before.
    #[must_use]
    pub fn sort_from_header(&self) -> Option<Sort> {
        let (column, descending) = self.asked.read(&self.view)?;
        let before = self.sort.get();
        let mut sort = Sort { column, descending };
        let first = column != before.column && self.headings.get(column)?.style.descends_first();
        if first && !sort.descending {
            // Noted before the header is told, so that the change which that makes is none.
            sort.descending = true;
            self.sort.set(sort);
            let title = self.view.columns().item(u32::try_from(column).ok()?);
            self.view.sort_by_column(
                title.and_downcast::<gtk::ColumnViewColumn>().as_ref(),
                gtk::SortType::Descending,
            );
            return Some(sort);
        }
        self.sort.set(sort);
        (sort != before).then_some(sort)
    }
}
