//! What disks did, as `iostat -x` counts it.

use super::counters::{Earlier, growth, per_second};
use crate::kernel::diskstats::{Disk, DiskCounters};

/// What a disk or partition did since the sample before.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DiskRates {
    /// Bytes per second read.
    pub read: Option<f64>,
    /// Bytes per second written.
    pub written: Option<f64>,
    /// Reads completed per second.
    pub reads: Option<f64>,
    /// Writes completed per second.
    pub writes: Option<f64>,
    /// Share of the time with a request under way, 0…1. A disk that serves many at once may be far from its
    /// limit at 1.
    pub busy: Option<f64>,
    /// Seconds that a read took, waiting included (`r_await`); unknown when there was none.
    pub read_latency: Option<f64>,
    /// Seconds that a write took (`w_await`).
    pub write_latency: Option<f64>,
    /// Seconds that a read, write or discard took.
    pub latency: Option<f64>,
    /// Requests under way on average (`aqu-sz`).
    pub queue: Option<f64>,
}

/// Rates of `now`'s disks, in their order.
pub(super) fn rates(before: Option<&[Disk]>, now: &[Disk], seconds: f64) -> Vec<DiskRates> {
    let mut earlier = Earlier::among(before);
    let rates_of = |disk: &Disk| {
        let before = earlier.find(|other| other.device == disk.device && other.name == disk.name);
        before.map(|before| between(&before.counters, &disk.counters, seconds)).unwrap_or_default()
    };
    now.iter().map(rates_of).collect()
}

type Field = fn(&DiskCounters) -> Option<u64>;

fn between(before: &DiskCounters, now: &DiskCounters, seconds: f64) -> DiskRates {
    // Times are kept in 32 bits of milliseconds by every kernel, counts by 32-bit ones.
    let grown = |field: Field| growth(field(before), field(now), 1);
    let bytes = |field: Field| growth(field(before), field(now), 512);
    let each_second = |growth: Option<u64>| growth.and_then(|growth| per_second(growth, seconds));
    let (reads, writes) = (grown(|disk| disk.reads), grown(|disk| disk.writes));
    let (read_ms, write_ms) = (grown(|disk| disk.read_ms), grown(|disk| disk.write_ms));
    // Kernels before 4.18 have no discards.
    let discards = grown(|disk| disk.discards).unwrap_or(0);
    let discard_ms = grown(|disk| disk.discard_ms).unwrap_or(0);
    let sum = |a: Option<u64>, b: Option<u64>, c: u64| a?.checked_add(b?)?.checked_add(c);
    DiskRates {
        read: each_second(bytes(|disk| disk.read_bytes)),
        written: each_second(bytes(|disk| disk.written_bytes)),
        reads: each_second(reads),
        writes: each_second(writes),
        busy: each_second(grown(|disk| disk.busy_ms)).map(|ms| (ms / 1e3).min(1.0)),
        read_latency: latency(read_ms, reads),
        write_latency: latency(write_ms, writes),
        latency: latency(sum(read_ms, write_ms, discard_ms), sum(reads, writes, discards)),
        queue: each_second(grown(|disk| disk.weighted_busy_ms)).map(|ms| ms / 1e3),
    }
}

/// Seconds each of so many requests took.
fn latency(milliseconds: Option<u64>, requests: Option<u64>) -> Option<f64> {
    let (milliseconds, requests) = (milliseconds?, requests.filter(|&requests| requests > 0)?);
    Some(milliseconds as f64 / 1e3 / requests as f64)
}
