//! What lists in columns have in common: the sort that a click on a header asks for, and the look of titles.

mod header;
mod menu;
mod rows;
mod sort;

pub use header::{add_total, align_titles, titles};
pub use menu::{open_at, popover};
pub use rows::{row_of, rows_in_view};
pub use sort::{HeaderSort, direction};
