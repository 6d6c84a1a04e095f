//! `/proc/stat`: CPU time of the machine and of each CPU, and a few counters.

use serde::{Deserialize, Serialize};

use super::text;

/// What `/proc/stat` says, proc_stat(5).
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    /// All CPUs together.
    pub total: Option<CpuTimes>,
    /// Each CPU that is online, in the kernel's order; numbers have gaps where CPUs are offline.
    pub cpus: Vec<Cpu>,
    /// Context switches since boot.
    pub context_switches: Option<u64>,
    /// When the machine booted, in seconds of Unix time. Moves with the wall clock.
    pub boot_time_secs: Option<u64>,
    /// Processes and threads made since boot.
    pub forks: Option<u64>,
    /// Runnable threads.
    pub running: Option<u32>,
    /// Threads blocked on I/O.
    pub blocked: Option<u32>,
}

/// One CPU.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cpu {
    /// Its number.
    pub number: u32,
    /// What it did since boot.
    pub times: CpuTimes,
}

/// CPU time since boot in clock ticks. `iowait` and `idle` may go back, `Documentation/filesystems/proc.rst`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuTimes {
    /// User mode, guests included.
    pub user: Option<u64>,
    /// User mode at a lower priority, guests included.
    pub nice: Option<u64>,
    /// Kernel.
    pub system: Option<u64>,
    /// Nothing to do.
    pub idle: Option<u64>,
    /// Nothing to do while I/O was outstanding, since Linux 2.5.41.
    pub iowait: Option<u64>,
    /// Hardware interrupts, since Linux 2.6.0.
    pub irq: Option<u64>,
    /// Software interrupts, since Linux 2.6.0.
    pub softirq: Option<u64>,
    /// Ready to run while the hypervisor served others, since Linux 2.6.11.
    pub steal: Option<u64>,
    /// Ran a guest; part of `user`. Since Linux 2.6.24.
    pub guest: Option<u64>,
    /// Ran a guest at a lower priority; part of `nice`. Since Linux 2.6.33.
    pub guest_nice: Option<u64>,
}

impl CpuTimes {
    /// Time that was used: all but `idle`, `iowait` and `steal`. `None` without user and system time.
    #[must_use]
    pub fn busy(&self) -> Option<u64> {
        let always = self.user?.checked_add(self.system?)?;
        [self.nice, self.irq, self.softirq].into_iter().flatten().try_fold(always, u64::checked_add)
    }

    /// All time that passed. Guests are part of user and nice and not added again.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        let always = self.busy()?.checked_add(self.idle?)?;
        [self.iowait, self.steal].into_iter().flatten().try_fold(always, u64::checked_add)
    }
}

/// Reads `/proc/stat`.
#[must_use]
pub fn parse(bytes: &[u8]) -> Stat {
    let mut stat = Stat::default();
    for line in text::lines(bytes) {
        let mut fields = text::fields(line);
        match fields.next() {
            Some(b"cpu") => stat.total = Some(times(fields)),
            Some(b"ctxt") => stat.context_switches = fields.number(),
            Some(b"btime") => stat.boot_time_secs = fields.number(),
            Some(b"processes") => stat.forks = fields.number(),
            Some(b"procs_running") => stat.running = fields.number(),
            Some(b"procs_blocked") => stat.blocked = fields.number(),
            Some(key) => {
                if let Some(number) = key.strip_prefix(b"cpu").and_then(text::number) {
                    stat.cpus.push(Cpu { number, times: times(fields) });
                }
            }
            None => {}
        }
    }
    stat
}

fn times(mut fields: text::Fields<'_>) -> CpuTimes {
    CpuTimes {
        user: fields.number(),
        nice: fields.number(),
        system: fields.number(),
        idle: fields.number(),
        iowait: fields.number(),
        irq: fields.number(),
        softirq: fields.number(),
        steal: fields.number(),
        guest: fields.number(),
        guest_nice: fields.number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_total_and_each_cpu() {
        let stat = parse(
            b"cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10 11\ncpu3 1 2 3 4\nintr 9 9\nctxt 5\nbtime 6\n\
              processes 7\nprocs_running 8\nprocs_blocked 9\nsoftirq 1\n",
        );
        let old =
            CpuTimes { user: Some(1), nice: Some(2), system: Some(3), idle: Some(4), ..CpuTimes::default() };
        let new = CpuTimes {
            iowait: Some(5),
            irq: Some(6),
            softirq: Some(7),
            steal: Some(8),
            guest: Some(9),
            guest_nice: Some(10),
            ..old
        };
        let expected = Stat {
            total: Some(new),
            cpus: vec![Cpu { number: 0, times: new }, Cpu { number: 3, times: old }],
            context_switches: Some(5),
            boot_time_secs: Some(6),
            forks: Some(7),
            running: Some(8),
            blocked: Some(9),
        };
        assert_eq!(stat, expected);
        assert_eq!((new.busy(), new.total()), (Some(19), Some(36)));
        assert_eq!((old.busy(), old.total()), (Some(6), Some(10)));
    }

    #[test]
    fn a_malformed_value_costs_only_itself() {
        let stat = parse(b"cpu 1 -2 x 4\r\ncpux 1\nctxt 18446744073709551616\nbtime 6\n");
        let total = CpuTimes { user: Some(1), idle: Some(4), ..CpuTimes::default() };
        assert_eq!(stat, Stat { total: Some(total), boot_time_secs: Some(6), ..Stat::default() });
        assert_eq!(total.busy(), None);
        let huge = CpuTimes { user: Some(u64::MAX), system: Some(1), ..total };
        assert_eq!(huge.busy(), None);
    }
}
