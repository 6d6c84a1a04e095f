//! What the kernel did: paging, faults, switches, and how long was waited for what.

use super::counters::{growth, per_second, rate};
use crate::kernel::pressure::{Pressure, PressureLine};
use crate::sample::{Pressures, Sample};

/// Paging, faults and switches per second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct KernelRates {
    /// Bytes per second read from disks, by files and swap (`pgpgin`).
    pub paged_in: Option<f64>,
    /// Bytes per second written to disks (`pgpgout`).
    pub paged_out: Option<f64>,
    /// Bytes per second brought back from swap (`pswpin`).
    pub swapped_in: Option<f64>,
    /// Bytes per second sent to swap (`pswpout`).
    pub swapped_out: Option<f64>,
    /// Page faults per second, all of them (`pgfault`).
    pub faults: Option<f64>,
    /// Page faults per second that waited for the disk (`pgmajfault`).
    pub major_faults: Option<f64>,
    /// Processes killed for lack of memory since the sample before: a number, not a rate.
    pub oom_kills: Option<u64>,
    /// Context switches per second.
    pub context_switches: Option<f64>,
    /// Processes and threads made per second.
    pub forks: Option<f64>,
}

impl KernelRates {
    pub(super) fn between(before: Option<&Sample>, now: &Sample, seconds: f64) -> Self {
        let Some(before) = before else { return Self::default() };
        let page_bytes = now.machine.page_bytes as f64;
        let (stat_before, stat) = (before.system.stat.as_ref(), now.system.stat.as_ref());
        let mut rates = Self {
            context_switches: rate(
                stat_before.and_then(|stat| stat.context_switches),
                stat.and_then(|stat| stat.context_switches),
                seconds,
            ),
            forks: rate(stat_before.and_then(|stat| stat.forks), stat.and_then(|stat| stat.forks), seconds),
            ..Self::default()
        };
        if let (Some(before), Some(now)) = (&before.system.vm, &now.system.vm) {
            // Longs, so 32 bits wide on 32-bit machines.
            let grown = |before, now| growth(before, now, 1).and_then(|growth| per_second(growth, seconds));
            let kib = |before, now| grown(before, now).map(|kib| kib * 1024.0);
            let pages = |before, now| grown(before, now).map(|pages| pages * page_bytes);
            rates.paged_in = kib(before.page_in_kib, now.page_in_kib);
            rates.paged_out = kib(before.page_out_kib, now.page_out_kib);
            rates.swapped_in = pages(before.swap_in_pages, now.swap_in_pages);
            rates.swapped_out = pages(before.swap_out_pages, now.swap_out_pages);
            rates.faults = grown(before.faults, now.faults);
            rates.major_faults = grown(before.major_faults, now.major_faults);
            rates.oom_kills = before.oom_kills.and_then(|kills| now.oom_kills?.checked_sub(kills));
        }
        rates
    }
}

/// Shares of the interval in which somebody or everybody waited, for each resource.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PressureShares {
    /// For a CPU.
    pub cpu: PressureShare,
    /// For memory.
    pub memory: PressureShare,
    /// For disks.
    pub io: PressureShare,
    /// For interrupts to end.
    pub irq: PressureShare,
}

/// Shares of the interval, 0…1, by the kernel's own microseconds, so sharper than its averages.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PressureShare {
    /// At least one task waited.
    pub some: Option<f64>,
    /// All tasks waited.
    pub full: Option<f64>,
}

impl PressureShares {
    pub(super) fn between(before: Option<&Pressures>, now: Option<&Pressures>, seconds: f64) -> Self {
        let (Some(before), Some(now)) = (before, now) else { return Self::default() };
        let share = |before: Option<Pressure>, now: Option<Pressure>| {
            let line = |line: fn(&Pressure) -> Option<PressureLine>| {
                let total = |pressure: Option<Pressure>| line(&pressure?)?.total_us;
                // The kernel books time when it gets to it, which may be a little more than passed.
                rate(total(before), total(now), seconds).map(|us| (us / 1e6).min(1.0))
            };
            PressureShare { some: line(|pressure| pressure.some), full: line(|pressure| pressure.full) }
        };
        Self {
            cpu: share(before.cpu, now.cpu),
            memory: share(before.memory, now.memory),
            io: share(before.io, now.io),
            irq: share(before.irq, now.irq),
        }
    }
}
