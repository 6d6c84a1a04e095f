//! Which mappings are shown, in which order, and what they sum up to. Made on a thread: a process may have
//! 65,530 of them.

use std::collections::HashSet;
use std::sync::Arc;

use gnomon::columns::{Value, compare};
use gnomon::inspect::memory_maps::{Mapping, MemoryMaps};

use super::columns::{Amounts, COLUMNS, START, name};
use crate::ui::table::Sort;

/// What the person wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Sorted by.
    pub sort: Sort,
    /// Words that all have to match.
    pub filter: String,
}

impl Default for Order {
    fn default() -> Self {
        Self { sort: Sort { column: START, descending: false }, filter: String::new() }
    }
}

/// Mappings in an order.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    maps: Arc<MemoryMaps>,
    rows: Vec<u32>,
    /// Sums over what is shown.
    pub total: Amounts,
    /// The order that this was made for.
    pub order: Order,
}

impl Shown {
    /// Filters and sorts.
    #[must_use]
    pub fn arrange(maps: Arc<MemoryMaps>, order: Order) -> Self {
        let words: Vec<Word> = order.filter.split_whitespace().map(Word::new).collect();
        let matching =
            maps.rows.iter().zip(0..).filter(|(map, _)| words.iter().all(|word| word.matches(map)));
        let mut rows: Vec<u32> = matching.map(|(_, row)| row).collect();
        let Sort { column, descending } = order.sort;
        if let Some(column) = COLUMNS.get(column) {
            let keys: Vec<Value<'_>> = maps.rows.iter().map(|map| column.value(map)).collect();
            let key = |row: u32| keys.get(row as usize).unwrap_or(&Value::Unknown);
            // Stable: equal ones stay in the order of their addresses.
            rows.sort_by(|&a, &b| compare(key(a), key(b), descending));
        }
        let shown = rows.iter().filter_map(|&row| maps.rows.get(row as usize));
        let size_bytes = shown.clone().fold(0_u64, |sum, map| sum.saturating_add(map.size_bytes()));
        let total = Amounts { size_bytes, usage: shown.map(|map| map.usage).sum() };
        Self { maps, rows, total, order }
    }

    /// All mappings, shown or not.
    #[must_use]
    pub fn maps(&self) -> &Arc<MemoryMaps> {
        &self.maps
    }

    /// How many are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The mapping in a row of the table.
    #[must_use]
    pub fn row(&self, position: u32) -> Option<&Mapping> {
        self.maps.rows.get(*self.rows.get(position as usize)? as usize)
    }

    /// The rows of the mappings that start at these addresses.
    pub fn positions_of(&self, starts: &HashSet<u64>) -> impl Iterator<Item = u32> {
        let rows = if starts.is_empty() { &[][..] } else { &self.rows[..] };
        rows.iter().zip(0..).filter_map(|(row, position)| {
            let map = self.maps.rows.get(*row as usize)?;
            starts.contains(&map.start).then_some(position)
        })
    }

    /// Whether the kernel told where memory is and not how much of it is used.
    #[must_use]
    pub fn lacks_usage(&self) -> bool {
        !self.maps.rows.is_empty() && self.maps.rows.iter().all(|map| map.usage.resident_bytes.is_none())
    }
}

/// A word of the filter: a part of the name or the flags, or, as a hexadecimal number, an address inside.
struct Word {
    lower: String,
    address: Option<u64>,
}

impl Word {
    fn new(word: &str) -> Self {
        let lower = word.to_lowercase();
        let digits = lower.strip_prefix("0x").unwrap_or(&lower);
        Self { address: u64::from_str_radix(digits, 16).ok(), lower }
    }

    fn matches(&self, map: &Mapping) -> bool {
        self.address.is_some_and(|address| (map.start..map.end).contains(&address))
            || name(map).to_lowercase().contains(&self.lower)
            || String::from_utf8_lossy(&map.permissions).contains(&self.lower)
    }
}

#[cfg(test)]
mod tests {
    use gnomon::units::UnitStyle;

    use super::*;

    const SMAPS: &[u8] =
        b"1000-3000 r-xp 00000000 fd:01 77 /usr/lib/libB.so\nRss: 8 kB\nPss: 4 kB\nSwap: 0 kB\n\
        3000-4000 rw-p 00002000 fd:01 77 /usr/lib/liba.so\nRss: 4 kB\nPss: 4 kB\nSwap: 4 kB\n\
        5000-6000 rw-p 00000000 00:00 0 \n\
        7000-8000 rw-s 00000000 00:01 9 /memfd:\xff (deleted)\nRss: 4 kB\nPss: 1 kB\nSwap: 0 kB\n";

    fn shown(title: &str, descending: bool, filter: &str) -> Shown {
        let column = COLUMNS.iter().position(|column| column.heading.title == title).expect(title);
        let order = Order { sort: Sort { column, descending }, filter: filter.into() };
        Shown::arrange(Arc::new(MemoryMaps::from_bytes(SMAPS)), order)
    }

    fn starts(shown: &Shown) -> Vec<u64> {
        (0..).map_while(|row| shown.row(row)).map(|map| map.start >> 12).collect()
    }

    #[test]
    fn any_column_sorts_both_ways_with_the_unknown_last() {
        assert_eq!(starts(&shown("Start", true, "")), [7, 5, 3, 1]);
        assert_eq!(starts(&shown("Filename", false, "")), [7, 3, 1, 5]);
        assert_eq!(starts(&shown("PSS", true, "")), [1, 3, 7, 5], "equal ones by address");
        assert_eq!(starts(&shown("PSS", false, "")), [7, 1, 3, 5]);
        assert_eq!(starts(&shown("Inode", true, "")), [1, 3, 7, 5]);
    }

    #[test]
    fn words_match_names_flags_and_addresses() {
        assert_eq!(starts(&shown("Start", false, "LIB")), [1, 3]);
        assert_eq!(starts(&shown("Start", false, "lib rw-p")), [3]);
        assert_eq!(starts(&shown("Start", false, "0x2fff")), [1], "an address inside");
        assert_eq!(starts(&shown("Start", false, "0x4000")), [0_u64; 0], "behind the end");
        assert_eq!(starts(&shown("Start", false, "anonymous")), [5]);
        assert_eq!(starts(&shown("Start", false, "\\xff")), [7], "as it is shown");
    }

    #[test]
    fn totals_are_of_what_is_shown() {
        let total = shown("Start", false, "lib").total;
        assert_eq!((total.size_bytes, total.usage.resident_bytes), (0x3000, Some(12 << 10)));
        assert_eq!(total.usage.swap_bytes, Some(4 << 10));
        let total = shown("Start", false, "").total;
        assert_eq!((total.size_bytes, total.usage.resident_bytes), (0x5000, None), "a part is not known");
        assert_eq!(shown("Start", false, "nothing has this").total.usage.pss_bytes, Some(0));
    }

    #[test]
    fn a_selection_finds_its_rows_again() {
        let chosen = HashSet::from([0x1000, 0x7000, 0x9000]);
        let rows: Vec<_> = shown("Start", true, "").positions_of(&chosen).collect();
        assert_eq!(rows, [0, 3]);
        assert_eq!(shown("Start", true, "").positions_of(&HashSet::new()).count(), 0);
    }

    #[test]
    fn missing_rights_are_noticed() {
        let without = MemoryMaps::from_bytes(b"1000-2000 r--p 00000000 00:00 0 [heap]\n");
        assert!(Shown::arrange(Arc::new(without), Order::default()).lacks_usage());
        assert!(!shown("Start", false, "").lacks_usage());
        assert!(!Shown::default().lacks_usage());
    }

    #[test]
    fn every_column_writes_every_row() {
        let shown = shown("Start", false, "");
        let style = UnitStyle::default();
        let line = |row| {
            let cells = COLUMNS.iter().map(|column| {
                let mut text = String::new();
                column.write(shown.row(row).expect("a row"), &style, &mut text);
                text.replace('\u{a0}', " ")
            });
            cells.collect::<Vec<_>>().join("|")
        };
        let first = "/usr/lib/libB.so|000000001000|000000003000|8.0 KiB|r-xp|00000000|8.0 KiB|4.0 KiB|—|—|—|—|0 B|fd:01|77";
        assert_eq!(line(0), first);
        assert_eq!(line(2), "[anonymous]|000000005000|000000006000|4.0 KiB|rw-p|00000000|—|—|—|—|—|—|—|—|—");
        assert_eq!(COLUMNS[START].heading.title, "Start");
    }
}
