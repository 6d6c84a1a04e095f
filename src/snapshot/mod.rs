//! What two samples say together: rates, shares and sums.
//!
//! There is no other way to compute a number: the live machine, another one and a recording all come here.
//!
//! * Rates are over the time that really passed. The first sight of a counter gives no rate.
//! * A counter that goes back starts anew: no rate.
//! * A pid that was given to another process is another process: nothing is booked across.

mod battery;
mod counters;
mod disks;
mod kernel;
mod network;
mod rates;
mod system;

pub use battery::BatteryUse;
pub use disks::DiskRates;
pub use kernel::{KernelRates, PressureShare, PressureShares};
pub use network::{InterfaceRates, counted};
pub use rates::ProcessRates;
pub use system::{CpuShare, CpuShares, MemoryUse};

use std::sync::Arc;

use crate::columns::{Column, Row, Value, View};
use crate::identity::ProcessId;
use crate::sample::{Moment, Sample};

/// A machine that slept longer than this between two samples has a gap in its history.
const SLEPT_NS: u64 = 500_000_000;

/// Samples further apart than this have a gap between them whatever the reason (a stopped process, a pause).
const PAUSED_NS: u64 = 150_000_000_000;

/// One moment with its rates.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The counters.
    pub sample: Arc<Sample>,
    /// Time since the sample before, nanoseconds; `None` for the first.
    pub elapsed_ns: Option<u64>,
    /// The machine slept, or nobody looked, between the sample before and this one.
    pub gap: bool,
    /// CPU shares, of the machine and of each CPU.
    pub cpu: Option<CpuShares>,
    /// Traffic of each interface, in the sample's order.
    pub network: Vec<InterfaceRates>,
    /// What each disk and partition did, in the sample's order.
    pub disks: Vec<DiskRates>,
    /// Paging, faults, switches.
    pub kernel: KernelRates,
    /// How long was waited for what.
    pub pressure: PressureShares,
    rates: Vec<ProcessRates>,
}

impl Snapshot {
    /// Puts two samples together.
    #[must_use]
    pub fn new(before: Option<&Sample>, now: Arc<Sample>) -> Self {
        let same_boot = before.filter(|before| before.machine.boot_id == now.machine.boot_id);
        let elapsed_ns = same_boot.and_then(|before| elapsed(before.time, now.time));
        let before = same_boot.filter(|_| elapsed_ns.is_some());
        let seconds = elapsed_ns.map_or(f64::NAN, |ns| ns as f64 / 1e9);
        Self {
            elapsed_ns,
            gap: before.is_none_or(|before| is_gap(before.time, now.time)),
            cpu: before.and_then(|before| {
                CpuShares::between(before.system.stat.as_ref()?, now.system.stat.as_ref()?)
            }),
            network: network::rates(
                before.and_then(|before| before.system.network.as_deref()),
                now.system.network.as_deref().unwrap_or_default(),
                seconds,
            ),
            disks: disks::rates(
                before.and_then(|before| before.system.disks.as_deref()),
                now.system.disks.as_deref().unwrap_or_default(),
                seconds,
            ),
            kernel: KernelRates::between(before, &now, seconds),
            pressure: PressureShares::between(
                before.and_then(|before| before.system.pressure.as_ref()),
                now.system.pressure.as_ref(),
                seconds,
            ),
            rates: rates::of_processes(before, &now, seconds),
            sample: now,
        }
    }

    /// The process at an index of the sample.
    #[must_use]
    pub fn row(&self, index: usize, view: View) -> Option<Row<'_>> {
        let process = self.sample.processes.get(index)?;
        Some(Row { process, rates: self.rates.get(index)?, snapshot: self, view })
    }

    /// All processes, by pid.
    pub fn rows(&self, view: View) -> impl Iterator<Item = Row<'_>> {
        self.sample.processes.iter().zip(&self.rates).map(move |(process, rates)| Row {
            process,
            rates,
            snapshot: self,
            view,
        })
    }

    /// Where a process stands in the sample.
    #[must_use]
    pub fn index_of(&self, id: ProcessId) -> Option<usize> {
        self.sample.processes.binary_search_by_key(&id, |process| process.id).ok()
    }

    /// CPUs that are online; at least one.
    #[must_use]
    pub fn cpus(&self) -> usize {
        self.sample.system.stat.as_ref().map_or(1, |stat| stat.cpus.len().max(1))
    }

    /// A share of CPUs (1.0 is one of them, fully used) as the person wants to see it.
    #[must_use]
    pub fn cpu_share(&self, cpus: f64, view: View) -> f64 {
        if view.cpu_of_one { cpus } else { cpus / self.cpus() as f64 }
    }

    /// Traffic of the whole machine with others, each byte counted once (see [`counted`]).
    #[must_use]
    pub fn network_total(&self) -> InterfaceRates {
        let system = &self.sample.system;
        let interfaces = system.network.as_deref().unwrap_or_default();
        let counted = counted(interfaces, system.links.as_ref().map(|links| links.as_slice()));
        let chosen = self.network.iter().zip(counted).filter_map(|(rates, counted)| counted.then_some(rates));
        chosen.fold(InterfaceRates::default(), |sum, rates| {
            let add = |a: Option<f64>, b: Option<f64>| Some(a.unwrap_or(0.0) + b?).or(a);
            InterfaceRates {
                received: add(sum.received, rates.received),
                sent: add(sum.sent, rates.sent),
                received_packets: add(sum.received_packets, rates.received_packets),
                sent_packets: add(sum.sent_packets, rates.sent_packets),
                errors: add(sum.errors, rates.errors),
                dropped: add(sum.dropped, rates.dropped),
            }
        })
    }

    /// The sum of a column over all processes; unknown when no process has a value.
    #[must_use]
    pub fn total(&self, column: &Column, view: View) -> Value<'static> {
        let mut sum = None;
        for number in self.rows(view).filter_map(|row| (column.value)(&row).number()) {
            *sum.get_or_insert(0.0) += number;
        }
        sum.map_or(Value::Unknown, Value::Real)
    }
}

/// Monotonic time between two moments; `None` when it did not go on.
fn elapsed(before: Moment, now: Moment) -> Option<u64> {
    now.monotonic_ns.checked_sub(before.monotonic_ns).filter(|&ns| ns > 0)
}

fn is_gap(before: Moment, now: Moment) -> bool {
    let monotonic = now.monotonic_ns.saturating_sub(before.monotonic_ns);
    let boottime = now.boottime_ns.saturating_sub(before.boottime_ns);
    boottime.saturating_sub(monotonic) > SLEPT_NS || monotonic > PAUSED_NS
}

#[cfg(test)]
mod tests;
