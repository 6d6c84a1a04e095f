//! A snapshot on paper: text for people, JSON and CSV for programs.
//!
//! JSON and CSV hold raw numbers in base units (bytes, seconds, shares of one); what is unknown is `null`
//! or an empty field. The columns come from [`crate::columns`]; no format knows one by name.

mod csv;
mod json;
mod json_system;
mod text;

pub use self::csv::csv;
pub use self::json::json;
pub use self::text::text;

use crate::columns::{self, Row, View};
use crate::sample::Needs;
use crate::snapshot::Snapshot;
use crate::table::SortBy;

/// What the system's part of [`text`] is made of.
pub const TEXT_NEEDS: Needs = Needs::CPU
    .union(Needs::MEMORY)
    .union(Needs::NETWORK)
    .union(Needs::LOAD)
    .union(Needs::FILE_SYSTEMS)
    .union(Needs::UPTIME)
    .union(Needs::PRESSURE)
    .union(Needs::DISKS)
    .union(Needs::DISK_FACTS)
    .union(Needs::POWER);

/// What the system's part of [`json`] is made of: all there is.
pub const JSON_NEEDS: Needs = TEXT_NEEDS
    .union(Needs::VMSTAT)
    .union(Needs::SWAPS)
    .union(Needs::ZRAM)
    .union(Needs::LINKS)
    .union(Needs::CPU_FREQUENCY)
    .union(Needs::CPU_TOPOLOGY)
    .union(Needs::SENSORS);

/// All processes in this order; those that are equal in it stay ordered by pid.
#[must_use]
pub fn sorted(snapshot: &Snapshot, sort: SortBy, view: View) -> Vec<Row<'_>> {
    let value = sort.column.value;
    let mut rows: Vec<_> = snapshot.rows(view).map(|row| (value(&row), row)).collect();
    rows.sort_by(|(a, _), (b, _)| columns::compare(a, b, sort.descending));
    rows.into_iter().map(|(_, row)| row).collect()
}
