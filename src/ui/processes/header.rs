//! Totals in the table's header, and titles that stand over their numbers.
//!
//! GTK's header titles are plain labels, and a label that changes each second lays the whole table out
//! anew. The total is an inscription of its own below the title, which costs nothing to change.

use std::collections::HashMap;

use relm4::gtk;

use gnomon::columns::{Column, Total};

use crate::ui::list::{add_total, align_titles, titles};

/// The totals, by column.
pub struct Header {
    totals: HashMap<&'static str, gtk::Inscription>,
}

impl Header {
    /// Dresses the header of `view`, whose columns are `columns` in this order.
    #[must_use]
    pub fn of(view: &gtk::ColumnView, columns: &[&'static Column]) -> Self {
        let tooltips: Vec<_> =
            columns.iter().map(|column| format!("{}\n{}", column.description, column.source)).collect();
        align_titles(
            view,
            tooltips.iter().map(String::as_str).zip(columns.iter().map(|column| column.is_numeric())),
        );
        let titles = titles(view);
        let with_total = titles.iter().zip(columns).filter(|(_, column)| column.total == Total::Sum);
        let totals = with_total.filter_map(|(title, column)| Some((column.id, add_total(title)?)));
        Self { totals: totals.collect() }
    }

    /// Writes the total of a column.
    pub fn write_total(&self, column: &Column, text: &str) {
        if let Some(total) = self.totals.get(column.id)
            && total.text().is_none_or(|shown| shown != text)
        {
            total.set_text(Some(text));
        }
    }
}
