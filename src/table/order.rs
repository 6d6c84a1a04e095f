//! Which process stands in which row.

use crate::columns::{self, COLUMNS, Column, View};
use crate::snapshot::Snapshot;
use crate::units::Unit;

/// What rows are sorted by.
#[derive(Debug, Clone, Copy)]
pub struct SortBy {
    /// The column.
    pub column: &'static Column,
    /// Largest first.
    pub descending: bool,
}

impl PartialEq for SortBy {
    fn eq(&self, other: &Self) -> bool {
        self.column.id == other.column.id && self.descending == other.descending
    }
}

impl Default for SortBy {
    fn default() -> Self {
        let column = Column::by_id("cpu").unwrap_or(&COLUMNS[0]);
        Self { column, descending: true }
    }
}

/// The order of rows: positions to indices into the snapshot's processes.
pub struct Order {
    sort: SortBy,
    search: Search,
    positions: Vec<u32>,
    keys: Vec<(f64, u32)>,
}

impl Order {
    /// An order over nothing.
    #[must_use]
    pub fn new(sort: SortBy) -> Self {
        Self { sort, search: Search::default(), positions: Vec::new(), keys: Vec::new() }
    }

    /// Index of the process in each row.
    #[must_use]
    pub fn positions(&self) -> &[u32] {
        &self.positions
    }

    /// What rows are sorted by.
    #[must_use]
    pub fn sort(&self) -> SortBy {
        self.sort
    }

    /// Changes the sort; [`Self::update`] applies it.
    pub fn set_sort(&mut self, sort: SortBy) {
        self.sort = sort;
    }

    /// Changes the search; [`Self::update`] applies it.
    pub fn set_search(&mut self, words: &str) {
        self.search = Search::new(words);
    }

    /// Takes over a new snapshot. `before` is the one that the positions refer to.
    pub fn update(&mut self, before: Option<&Snapshot>, now: &Snapshot, view: View, hold: bool) {
        match before {
            Some(before) if hold => {
                self.carry_over(before, now);
                self.append_new(now, view);
            }
            Some(before) => {
                // The old order is nearly the new one, and sorting what is nearly sorted is cheap.
                self.carry_over(before, now);
                self.append_new(now, view);
                self.sort_positions(now, view);
            }
            None => {
                self.positions.clear();
                self.append_new(now, view);
                self.sort_positions(now, view);
            }
        }
    }

    /// Turns old indices into new ones and drops who ended.
    fn carry_over(&mut self, before: &Snapshot, now: &Snapshot) {
        let (old, new) = (&before.sample.processes, &now.sample.processes);
        if old.len() == new.len() && old.iter().zip(new).all(|(a, b)| a.id == b.id) {
            return;
        }
        // Both are sorted by pid: one walk over both.
        const ENDED: u32 = u32::MAX;
        let mut moved = vec![ENDED; old.len()];
        let mut next = 0;
        for (index, process) in old.iter().enumerate() {
            while new.get(next).is_some_and(|other| other.id < process.id) {
                next += 1;
            }
            if new.get(next).is_some_and(|other| other.id == process.id) {
                moved[index] = u32::try_from(next).unwrap_or(ENDED);
            }
        }
        self.positions.retain_mut(|index| {
            *index = moved.get(*index as usize).copied().unwrap_or(ENDED);
            *index != ENDED
        });
    }

    /// Puts those that are not in a row yet and match the search at the end.
    fn append_new(&mut self, now: &Snapshot, view: View) {
        let mut shown = vec![false; now.sample.processes.len()];
        if self.search.is_everything() && self.positions.len() == shown.len() {
            return;
        }
        self.positions.retain(|&index| {
            let row = now.row(index as usize, view);
            let keep = row.is_some_and(|row| self.search.matches(&row));
            if let (true, Some(shown)) = (keep, shown.get_mut(index as usize)) {
                *shown = true;
            }
            keep
        });
        for (index, _) in shown.iter().enumerate().filter(|(_, shown)| !**shown) {
            if now.row(index, view).is_some_and(|row| self.search.matches(&row)) {
                self.positions.extend(u32::try_from(index));
            }
        }
    }

    fn sort_positions(&mut self, now: &Snapshot, view: View) {
        let SortBy { column, descending } = self.sort;
        if column.is_numeric() {
            self.sort_numbers(now, view, column, descending);
            return;
        }
        let mut words: Vec<_> = self
            .positions
            .iter()
            .filter_map(|&index| Some(((column.value)(&now.row(index as usize, view)?), index)))
            .collect();
        words.sort_by(|a, b| columns::compare(&a.0, &b.0, descending).then(a.1.cmp(&b.1)));
        self.positions.clear();
        self.positions.extend(words.iter().map(|word| word.1));
    }

    /// Sorts by keys that are taken once, because a comparison through the snapshot misses the cache twice.
    fn sort_numbers(&mut self, now: &Snapshot, view: View, column: &Column, descending: bool) {
        self.keys.clear();
        self.keys.extend(self.positions.iter().map(|&index| {
            let number = now.row(index as usize, view).and_then(|row| (column.value)(&row).number());
            let number = number.map(|number| as_shown(number, column.unit));
            // Ascending keys for both directions; unknown is larger than everything.
            let key = number.map_or(f64::INFINITY, |number| if descending { -number } else { number });
            (key, index)
        }));
        // Equals stay by pid, which is the order of the indices.
        self.keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.positions.clear();
        self.positions.extend(self.keys.iter().map(|key| key.1));
    }
}

/// Shares that look the same are the same: a hundred sleepers that woke for some microseconds must not
/// change places each second for a difference that nobody can see.
fn as_shown(number: f64, unit: Unit) -> f64 {
    const PER_MILLE: f64 = 1000.0;
    if unit == Unit::Fraction { (number * PER_MILLE).round() } else { number }
}

/// Plain words; each must occur in the name, the user, the pid or the command line.
#[derive(Default)]
struct Search {
    words: Vec<String>,
}

impl Search {
    fn new(words: &str) -> Self {
        Self { words: words.split_whitespace().map(str::to_lowercase).collect() }
    }

    fn is_everything(&self) -> bool {
        self.words.is_empty()
    }

    fn matches(&self, row: &columns::Row<'_>) -> bool {
        self.words.iter().all(|word| {
            holds(&row.process.facts.name, word)
                || row.user_name().is_some_and(|user| holds(user, word))
                || row.process.id.pid.to_string().contains(word.as_str())
                || row.command_line().is_some_and(|line| holds(&line, word))
        })
    }
}

fn holds(text: &str, lowercase: &str) -> bool {
    text.to_lowercase().contains(lowercase)
}
