//! The process table's columns: one entry each, and everything loops over them.
//!
//! The table, its menus, sorting, totals, settings and `gnomon-agent` know no column by name. A new column
//! whose field is sampled already is one entry in `table/`.

mod row;
mod table;
mod value;
mod words;

use std::borrow::Cow;

use crate::names::display_name;
use crate::sample::Needs;
use crate::units::Unit;

pub use row::{Row, View};
pub use table::{COLUMNS, GROUPS, Group};
pub use value::{Value, compare};

/// How a header says what all rows make together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// A sum would mean nothing.
    None,
    /// The sum over all processes.
    Sum,
}

/// One column of the process table.
#[derive(Clone, Copy)]
pub struct Column {
    /// Name in settings, on the command line and in JSON; never changes.
    pub id: &'static str,
    /// Header.
    pub title: &'static str,
    /// What it is, in a sentence, for the header's tooltip.
    pub description: &'static str,
    /// Where the kernel says it.
    pub source: &'static str,
    /// What the numbers are.
    pub unit: Unit,
    /// The files that must be read.
    pub needs: Needs,
    /// Width in characters at first.
    pub width: u16,
    /// What the header adds up.
    pub total: Total,
    /// Shown before anybody chose.
    pub by_default: bool,
    /// The value of a row.
    pub value: for<'a> fn(&Row<'a>) -> Value<'a>,
}

impl Column {
    /// The column with this id.
    #[must_use]
    pub fn by_id(id: &str) -> Option<&'static Self> {
        COLUMNS.iter().find(|column| column.id == id)
    }

    /// Numbers stand right, words left.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        self.unit != Unit::Text
    }

    /// Whether the first click on its header puts the largest on top.
    #[must_use]
    pub fn descends_first(&self) -> bool {
        self.is_numeric() && self.id != "pid"
    }
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Column").field(&self.id).finish()
    }
}

fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

/// Bytes that the kernel says, made safe to show.
fn bytes(bytes: &[u8]) -> Value<'_> {
    Value::Text(display_name(bytes))
}

/// What there is to say, or that it is not known.
fn known<'a, T>(value: Option<T>, of: impl FnOnce(T) -> Value<'a>) -> Value<'a> {
    value.map_or(Value::Unknown, of)
}

fn count(number: Option<u64>) -> Value<'static> {
    number.map_or(Value::Unknown, Value::Count)
}

fn real(number: Option<f64>) -> Value<'static> {
    number.map_or(Value::Unknown, Value::Real)
}

/// What every column has unless its entry says otherwise.
const PLAIN: Column = Column {
    id: "",
    title: "",
    description: "",
    source: "",
    unit: Unit::Count,
    needs: Needs::PROCESSES,
    width: 10,
    total: Total::None,
    by_default: false,
    value: |_| Value::Unknown,
};

/// The needs of several columns together.
pub fn needs_of<'c>(columns: impl IntoIterator<Item = &'c Column>) -> Needs {
    columns.into_iter().fold(Needs::PROCESSES, |needs, column| needs | column.needs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_entry_is_complete_and_unique() {
        let (mut ids, mut titles) = (HashSet::new(), HashSet::new());
        for column in COLUMNS {
            assert!(ids.insert(column.id), "{} twice", column.id);
            assert!(titles.insert(column.title), "{} twice", column.title);
            assert!(column.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{column:?}");
            for words in [column.title, column.description, column.source] {
                assert!(!words.is_empty(), "{column:?}");
            }
            assert!(column.needs.contains(Needs::PROCESSES), "{column:?}");
        }
    }
}
