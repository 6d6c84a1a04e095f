//! A table of the window: cells by row and title, never the whole list.

use super::atspi::{Node, Role, State, wait_for};

/// A column view. Rows move at any moment: what was read of a row is true of that moment alone.
pub struct Table {
    list: Node,
    titles: Vec<(String, Node)>,
}

impl Table {
    /// The first table that can be seen below `parent`, when it has rows.
    #[track_caller]
    pub fn within(parent: &Node) -> Self {
        wait_for("a table with rows", || {
            let view = parent.find(&|node| node.is(Role::TreeTable) && node.area().is_some())?;
            let list = view.children().into_iter().find(|child| child.is(Role::List))?;
            list.child(0)?;
            let titles = view.child(0)?.children().into_iter();
            let titles = titles.filter_map(|title| Some((label_of(&title)?.said(), title))).collect();
            Some(Self { list, titles })
        })
    }

    /// The titles of its columns, from the left.
    pub fn titles(&self) -> Vec<&str> {
        self.titles.iter().map(|(title, _)| title.as_str()).collect()
    }

    /// The header of a column, to be clicked.
    #[track_caller]
    pub fn header(&self, title: &str) -> &Node {
        &self.titles[self.column(title)].1
    }

    #[track_caller]
    fn column(&self, title: &str) -> usize {
        let found = self.titles.iter().position(|(known, _)| known == title);
        found.unwrap_or_else(|| panic!("no column {title} in {:?}", self.titles()))
    }

    /// What stands under the title of a column: what all rows make together.
    #[track_caller]
    pub fn total(&self, title: &str) -> Option<String> {
        let header = self.header(title);
        let under = header.find(&|node| node.is(Role::Label) && node.said() != title)?;
        Some(under.said())
    }

    /// How many rows there are; of very long tables, how many GTK keeps.
    pub fn len(&self) -> usize {
        self.list.child_count()
    }

    /// The widget of a row.
    pub fn row(&self, row: usize) -> Option<Node> {
        self.list.child(row)
    }

    /// What a cell shows.
    #[track_caller]
    pub fn cell(&self, row: usize, title: &str) -> Option<String> {
        label_of(&self.row(row)?.child(self.column(title))?).map(|label| label.said())
    }

    /// What a column shows in the first `rows` rows.
    #[track_caller]
    pub fn column_of(&self, title: &str, rows: usize) -> Vec<String> {
        (0..rows.min(self.len())).filter_map(|row| self.cell(row, title)).collect()
    }

    /// The row whose cell in the column `title` shows `text`.
    #[track_caller]
    pub fn position(&self, title: &str, text: &str) -> Option<usize> {
        (0..self.len()).find(|&row| self.cell(row, title).as_deref() == Some(text))
    }

    /// Selects a row, and nothing else.
    #[track_caller]
    pub fn select(&self, row: usize) {
        self.list.select_child(row);
    }

    /// The rows that are selected, among the first `rows`.
    pub fn selected(&self, rows: usize) -> Vec<usize> {
        (0..rows.min(self.len()))
            .filter(|&row| self.row(row).is_some_and(|row| row.has(State::Selected)))
            .collect()
    }
}

fn label_of(node: &Node) -> Option<Node> {
    node.find(&|node| node.is(Role::Label))
}

/// The number of bytes in "12.3 GiB".
pub fn bytes(shown: &str) -> Option<f64> {
    let (number, unit) = shown.split_once(' ')?;
    let power = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"].iter().position(|known| *known == unit)?;
    Some(number.parse::<f64>().ok()? * 1024_f64.powi(i32::try_from(power).ok()?))
}

/// Whether a size is shown that is `wanted` but for the rounding to one decimal.
pub fn is_about(shown: Option<&str>, wanted: f64) -> bool {
    shown.and_then(bytes).is_some_and(|bytes| (bytes / wanted - 1.0).abs() < 0.06)
}

#[test]
fn sizes_are_read_as_they_are_shown() {
    assert_eq!(bytes("1.5 KiB"), Some(1536.0));
    assert_eq!(bytes("17 B"), Some(17.0));
    assert_eq!(bytes("\u{2014}"), None);
    assert!(is_about(Some("1.0 KiB"), 1070.0) && !is_about(Some("1.0 KiB"), 1200.0) && !is_about(None, 1.0));
}
