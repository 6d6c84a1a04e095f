//! Our numbers against those of others, taken at the same moment on the running machine.
//!
//! The other is read before and after our sample. Where it says the same twice, we must say that too; where
//! it moved, we must lie between. One reading may be unlucky (a value that went away and came back between
//! two looks), so a [`Ledger`] is kept over several: what never agrees is wrong.

mod cpu;
mod processes;
mod system;

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::process::Command;

/// Rounds of "the other, we, the other".
pub const ROUNDS: usize = 12;

/// How often each value agreed, and what was said when it did not.
#[derive(Default)]
pub struct Ledger {
    values: BTreeMap<String, Entry>,
}

#[derive(Default)]
struct Entry {
    agreed: usize,
    differences: Vec<String>,
}

impl Ledger {
    /// Notes whether `ours` agrees with what another said before and after.
    pub fn compare<T: PartialOrd + Debug>(&mut self, name: impl Display, before: &T, ours: &T, after: &T) {
        let (low, high) = if before <= after { (before, after) } else { (after, before) };
        let entry = self.values.entry(name.to_string()).or_default();
        if low <= ours && ours <= high {
            entry.agreed += 1;
        } else {
            entry.differences.push(format!("{before:?} … {after:?}, ours {ours:?}"));
        }
    }

    /// Fails when a value never agreed although it was compared several times, when too many values differ
    /// now and then, or when fewer than `least` values were compared at all.
    pub fn close(self, least: usize) {
        let (mut agreed, mut differed, mut wrong) = (0, 0, Vec::new());
        for (name, entry) in &self.values {
            agreed += entry.agreed;
            differed += entry.differences.len();
            if entry.agreed == 0 && entry.differences.len() >= 3 {
                wrong.push(format!("{name}: {}", entry.differences.join("; ")));
            }
        }
        println!("{} values, {agreed} times the same, {differed} times not", self.values.len());
        assert!(wrong.is_empty(), "never the same:\n{}", wrong.join("\n"));
        assert!(self.values.len() >= least, "only {} values compared", self.values.len());
        let unlucky: Vec<_> = self.values.iter().filter(|(_, entry)| !entry.differences.is_empty()).collect();
        let shown: Vec<_> =
            unlucky.iter().map(|(name, entry)| format!("{name}: {:?}", entry.differences)).collect();
        assert!(differed * 20 <= agreed, "too often different:\n{}", shown.join("\n"));
    }
}

/// What a program prints.
pub fn output_of(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).env("LC_ALL", "C").output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
