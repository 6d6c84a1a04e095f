//! The columns, by what they are about.

use super::{Column, PLAIN};

mod cpu;
mod disk;
mod identity;
mod memory;
mod system;
mod usual;

/// Columns that are about the same thing.
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The columns.
    pub columns: &'static [Column],
}

/// The groups in the order in which they are offered; the first has what most people look at.
pub const GROUPS: &[Group] = &[
    Group { title: "Usual", columns: usual::COLUMNS },
    Group { title: "Identity", columns: identity::COLUMNS },
    Group { title: "CPU", columns: cpu::COLUMNS },
    Group { title: "Memory", columns: memory::COLUMNS },
    Group { title: "Disk", columns: disk::COLUMNS },
    Group { title: "System", columns: system::COLUMNS },
];

/// All columns, in the order in which they are offered.
pub static COLUMNS: &[Column] = &joined::<{ length() }>();

const fn length() -> usize {
    let (mut length, mut group) = (0, 0);
    while group < GROUPS.len() {
        length += GROUPS[group].columns.len();
        group += 1;
    }
    length
}

const fn joined<const LENGTH: usize>() -> [Column; LENGTH] {
    let mut all = [PLAIN; LENGTH];
    let (mut at, mut group) = (0, 0);
    while group < GROUPS.len() {
        let mut index = 0;
        while index < GROUPS[group].columns.len() {
            all[at] = GROUPS[group].columns[index];
            at += 1;
            index += 1;
        }
        group += 1;
    }
    all
}
