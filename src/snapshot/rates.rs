//! Rates of processes.

use std::sync::Arc;

use super::counters::rate;
use crate::sample::{Process, Sample};

/// What a process did per second since the sample before; `None` is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ProcessRates {
    /// CPUs in use: 1.0 is one CPU all the time. Never more than there are.
    pub cpu: Option<f64>,
    /// Bytes per second fetched from storage.
    pub disk_read: Option<f64>,
    /// Bytes per second sent to storage.
    pub disk_write: Option<f64>,
    /// Share of the time in which the main thread was runnable but did not run, 0 … 1.
    pub cpu_wait: Option<f64>,
    /// Share of the time in which the main thread waited for storage, 0 … 1.
    pub io_delay: Option<f64>,
}

/// Rates in the order of `now`'s processes. Both samples are sorted by pid, so this is one walk over both.
pub(super) fn of_processes(before: Option<&Sample>, now: &Sample, seconds: f64) -> Vec<ProcessRates> {
    let cpus = now.system.stat.as_ref().map_or(f64::INFINITY, |stat| stat.cpus.len() as f64);
    let ticks = now.machine.clock_ticks as f64;
    let mut earlier = before.map(|sample| sample.processes.as_slice()).unwrap_or_default().iter().peekable();
    let rates_of = |process: &Arc<Process>| {
        while earlier.next_if(|other| other.id < process.id).is_some() {}
        match earlier.next_if(|other| other.id == process.id) {
            Some(earlier) => between(earlier, process, seconds, cpus, ticks),
            None => ProcessRates::default(),
        }
    };
    now.processes.iter().map(rates_of).collect()
}

fn between(before: &Arc<Process>, now: &Arc<Process>, seconds: f64, cpus: f64, ticks: f64) -> ProcessRates {
    if Arc::ptr_eq(before, now) {
        // Nothing was read anew because nothing moved.
        let zero = (seconds > 0.0).then_some(0.0);
        let io = zero.filter(|_| now.io.is_some());
        return ProcessRates {
            cpu: zero,
            disk_read: io,
            disk_write: io,
            cpu_wait: zero.filter(|_| cpu_wait_ns(now).is_some()),
            io_delay: zero.filter(|_| now.io_delay_ticks.is_some()),
        };
    }
    let cpu = rate(Some(before.cpu_ns), Some(now.cpu_ns), seconds).map(|ns| (ns / 1e9).min(cpus));
    let io = |field: fn(&crate::kernel::pid_io::PidIo) -> Option<u64>| {
        rate(before.io.as_ref().and_then(field), now.io.as_ref().and_then(field), seconds)
    };
    // The kernel books a wait when it ends, so a long one may seem longer than the time since the last look.
    let share = |per_second: Option<f64>, unit: f64| per_second.map(|waited| (waited / unit).min(1.0));
    ProcessRates {
        cpu,
        disk_read: io(|io| io.read_bytes),
        disk_write: io(|io| io.write_bytes),
        cpu_wait: share(rate(cpu_wait_ns(before), cpu_wait_ns(now), seconds), 1e9),
        io_delay: share(rate(before.io_delay_ticks, now.io_delay_ticks, seconds), ticks),
    }
}

fn cpu_wait_ns(process: &Process) -> Option<u64> {
    process.details.as_ref()?.cpu_wait_ns
}
