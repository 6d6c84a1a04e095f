//! Raw facts of one moment: what the kernel said, with no rate and no opinion.
//!
//! A [`Sample`] is what is sent over the wire and kept in recordings, so that the past, another machine and
//! this one take the same road: two samples make a [`crate::snapshot::Snapshot`]. Only [`Sampler`] reads.

mod births;
mod control_group;
mod demand;
mod details;
mod file_systems;
mod process;
mod sampler;
mod seats;
mod system;
mod users;

pub use control_group::ControlGroup;
pub use demand::{Demand, Needs};
pub use details::{Details, Namespaces, Rollup, Status};
pub use file_systems::{FileSystem, FileSystemWatch, Usage};
pub use process::{Facts, Process, RareFacts};
pub use sampler::Sampler;
pub use seats::Seats;
pub use system::{
    CoreType, CpuFrequency, CpuTopology, DiskFacts, Link, LinkKind, LinkState, Machine, Partition, Pressures,
    Sensor, SensorFacts, Supply, SupplyFacts, SupplyKind, SupplyStatus, System, Zram,
};
pub use users::Users;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One instant on three clocks, in nanoseconds, clock_gettime(2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// `CLOCK_MONOTONIC`: stands still while the machine sleeps. Rates are taken over it.
    pub monotonic_ns: u64,
    /// `CLOCK_BOOTTIME`: goes on while the machine sleeps; ahead of monotonic by the time slept.
    pub boottime_ns: u64,
    /// `CLOCK_REALTIME`: the wall clock, may jump.
    pub realtime_ns: u64,
}

/// Everything that was asked for, read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// When the reading began.
    pub time: Moment,
    /// What stays while the machine runs.
    pub machine: Arc<Machine>,
    /// Names of users, by uid.
    pub users: Arc<Users>,
    /// Seats of login sessions.
    pub seats: Arc<Seats>,
    /// Every process that could be read, by pid.
    pub processes: Vec<Arc<Process>>,
    /// Processes that are there but whose `stat` is refused (`hidepid`), by pid: rows and these make all.
    pub unreadable: Vec<u32>,
    /// Facts of the whole machine.
    pub system: System,
}
