//! Shares of CPUs, and memory as people count it.

use super::counters::Earlier;
use crate::kernel::meminfo::MemInfo;
use crate::kernel::stat::{CpuTimes, Stat};

/// How CPUs spent the interval.
#[derive(Debug, Clone, PartialEq)]
pub struct CpuShares {
    /// All CPUs together.
    pub total: CpuShare,
    /// Each CPU that is online, with its number.
    pub cpus: Vec<(u32, CpuShare)>,
}

/// Shares of an interval, 0…1; what the kernel does not count is 0 of it and `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CpuShare {
    /// Neither idle nor waiting for I/O.
    pub busy: Option<f64>,
    /// Programs at normal and high priority.
    pub user: Option<f64>,
    /// Programs at low priority.
    pub nice: Option<f64>,
    /// The kernel.
    pub system: Option<f64>,
    /// Idle while a disk is waited for.
    pub iowait: Option<f64>,
    /// Hardware and software interrupts.
    pub interrupts: Option<f64>,
    /// Taken by other guests of the host.
    pub steal: Option<f64>,
}

impl CpuShares {
    /// Shares between two readings of `/proc/stat`; `None` when the clock ticks have not moved.
    #[must_use]
    pub fn between(before: &Stat, now: &Stat) -> Option<Self> {
        let total = CpuShare::between(before.total.as_ref()?, now.total.as_ref()?)?;
        let mut earlier = Earlier::among(Some(&before.cpus));
        let cpus = now.cpus.iter().map(|cpu| {
            let earlier = earlier.find(|other| other.number == cpu.number);
            let share = earlier.and_then(|earlier| CpuShare::between(&earlier.times, &cpu.times));
            (cpu.number, share.unwrap_or_default())
        });
        Some(Self { total, cpus: cpus.collect() })
    }
}

impl CpuShare {
    fn between(before: &CpuTimes, now: &CpuTimes) -> Option<Self> {
        // The kernel lets iowait (and on some versions idle) go back: then that one part did not grow.
        let grown = |field: fn(&CpuTimes) -> Option<u64>| {
            let (before, now) = (field(before)?, field(now)?);
            Some(now.saturating_sub(before))
        };
        let parts = [
            grown(|times| times.user),
            grown(|times| times.nice),
            grown(|times| times.system),
            grown(|times| times.irq),
            grown(|times| times.softirq),
            grown(|times| times.steal),
        ];
        let busy: u64 = parts.iter().flatten().sum();
        let idle: u64 = [grown(|times| times.idle), grown(|times| times.iowait)].iter().flatten().sum();
        let all = busy + idle;
        if all == 0 {
            return None;
        }
        let share = |ticks: Option<u64>| ticks.map(|ticks| ticks as f64 / all as f64);
        let [user, nice, system, irq, softirq, steal] = parts;
        Some(Self {
            busy: share(Some(busy)),
            user: share(user),
            nice: share(nice),
            system: share(system),
            iowait: share(grown(|times| times.iowait)),
            interrupts: share(irq.zip(softirq).map(|(irq, softirq)| irq + softirq)),
            steal: share(steal),
        })
    }
}

/// Memory as `free` counts it, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryUse {
    /// All that the kernel manages.
    pub total: u64,
    /// Used and not available at once: total − available.
    pub used: u64,
    /// Buffers, page cache and reclaimable slab.
    pub cache: u64,
    /// What programs can still get without swapping.
    pub available: u64,
    /// Swap in use and in all; `None` without swap.
    pub swap: Option<(u64, u64)>,
}

impl MemoryUse {
    /// What `/proc/meminfo` says in these terms; `None` when it lacks the totals.
    #[must_use]
    pub fn of(memory: &MemInfo) -> Option<Self> {
        let total = memory.total_bytes?;
        let free = memory.free_bytes?;
        let cache = [memory.buffers_bytes, memory.cached_bytes, memory.slab_reclaimable_bytes]
            .iter()
            .flatten()
            .sum::<u64>();
        // Kernels before 3.14 do not say what is available: what `free` showed then.
        let available = memory.available_bytes.unwrap_or(free + cache).min(total);
        let swap = memory.swap_total_bytes.filter(|&total| total > 0).and_then(|total| {
            let used = total.checked_sub(memory.swap_free_bytes?)?;
            Some((used, total))
        });
        Some(Self { total, used: total - available, cache, available, swap })
    }
}
