//! One process after another into one buffer: what is new in it, and whether it is still the same.

use std::sync::Arc;

use rustix::io::Errno;

use super::{Clocks, Entry, Fate, Names, Wanted, is_denied, is_gone};
use crate::kernel::{pid_io, pid_stat, pid_statm};
use crate::sample::{Facts, Needs, Process};
use crate::source::Source;

/// Reads the files of processes.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) buffer: &'a mut Vec<u8>,
    pub(super) clocks: Clocks,
    pub(super) names: &'a mut Names,
    pub(super) wanted: Wanted,
}

/// Why a process is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Urgency {
    /// It ran, is new or lost its parent, or something is wanted that is not known of it.
    Moved,
    /// Its row is on screen: what is costly is read too.
    InView,
    /// It is its turn in the rotation: everything anew, and what was refused is asked for again.
    Turn,
}

impl Reader<'_> {
    pub(super) fn clock(&self, pid: u32) -> Option<u64> {
        match self.clocks {
            Clocks::Readable => self.source.cpu_ns_of(pid).ok(),
            Clocks::Absent => None,
        }
    }

    /// Reads a process that was not known: `None` when it is gone already.
    pub(super) fn first_sight(&mut self, pid: u32) -> Result<Option<Entry>, Errno> {
        // Before the file, so that CPU used in between is booked at the next tick instead of never.
        let clock = self.clock(pid);
        let bytes = match self.source.read_of(pid, "stat", self.buffer) {
            Ok(bytes) => bytes,
            Err(error) if is_gone(error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Ok(stat) = pid_stat::parse(bytes) else { return Err(Errno::INVAL) };
        let kernel_thread = stat.is_kernel_thread();
        let facts = Facts { comm: stat.comm.into(), kernel_thread, ..Facts::default() };
        let cpu_ns = clock.unwrap_or_else(|| ticks_as_ns(&stat));
        let mut process = Process::from_stat(&stat, cpu_ns, Arc::new(facts));
        process.io_delay_ticks = stat.io_delay_ticks.filter(|_| self.wanted.io_delay);
        let mut refused = Needs::empty();
        process.facts = Arc::new(self.facts(&process, &mut refused));
        self.counters(&mut process, &mut refused);
        process.details = self.details(&process, None, Urgency::Moved, &mut refused);
        Ok(Some(Entry {
            pid,
            parent: process.parent,
            cpu_ns,
            process: Arc::new(process),
            read: self.wanted.needs,
            refused,
        }))
    }

    /// Reads the files of a known process again and replaces what it said where it says otherwise now.
    pub(super) fn refresh(&mut self, entry: &mut Entry, clock: Option<u64>, urgency: Urgency) -> Fate {
        let bytes = match self.source.read_of(entry.pid, "stat", self.buffer) {
            Ok(bytes) => bytes,
            Err(error) if is_gone(error) => return Fate::Gone,
            Err(_) => return Fate::Refused,
        };
        let Ok(stat) = pid_stat::parse(bytes) else { return Fate::Refused };
        let before = &entry.process;
        let died = is_dead(stat.state) && !is_dead(before.state);
        if stat.start_ticks != before.id.start_ticks {
            // The pid was given to another process: nothing of the old one may be booked to it.
            return match self.first_sight(entry.pid) {
                Ok(Some(successor)) => {
                    *entry = successor;
                    Fate::LeftChildren
                }
                Ok(None) => Fate::Gone,
                Err(_) => Fate::Refused,
            };
        }
        let renamed = stat.comm != &*before.facts.comm;
        let cpu_ns = clock.unwrap_or_else(|| ticks_as_ns(&stat));
        let mut now = Process::from_stat(&stat, cpu_ns, Arc::clone(&before.facts));
        now.io_delay_ticks = stat.io_delay_ticks.filter(|_| self.wanted.io_delay);
        if renamed {
            let mut facts = Facts::clone(&now.facts);
            facts.comm = stat.comm.into();
            now.facts = Arc::new(facts);
        }
        if urgency == Urgency::Turn {
            entry.refused = Needs::empty();
        }
        let facts_are_due = urgency == Urgency::Turn
            || renamed
            || !entry.read.contains(self.wanted.needs & Needs::LIFETIME)
            || is_young(self.source, &now);
        if facts_are_due {
            let facts = self.facts(&now, &mut entry.refused);
            if facts != *before.facts {
                now.facts = Arc::new(facts);
            }
        }
        self.counters(&mut now, &mut entry.refused);
        now.details = self.details(&now, before.details.as_ref(), urgency, &mut entry.refused);
        entry.cpu_ns = cpu_ns;
        entry.parent = now.parent;
        entry.read = self.wanted.needs;
        if now != *entry.process {
            entry.process = Arc::new(now);
        }
        if died { Fate::LeftChildren } else { Fate::Same }
    }

    /// Adds the counters that stand in files of their own.
    fn counters(&mut self, process: &mut Process, refused: &mut Needs) {
        let pid = process.id.pid;
        if !process.facts.kernel_thread {
            let bytes = self.file(pid, Needs::STATM, "statm", refused);
            process.memory = bytes.and_then(|bytes| pid_statm::parse(bytes).ok());
        }
        process.io = self.file(pid, Needs::IO, "io", refused).map(pid_io::parse);
    }

    /// Whether something is wanted and was not refused.
    pub(super) fn asks(&self, need: Needs, refused: Needs) -> bool {
        self.wanted.needs.contains(need) && !refused.contains(need)
    }

    /// A file of a process, if it is wanted and not refused.
    pub(super) fn file<'b>(
        &'b mut self,
        pid: u32,
        need: Needs,
        name: &str,
        refused: &mut Needs,
    ) -> Option<&'b [u8]> {
        if !self.asks(need, *refused) {
            return None;
        }
        let answer = self.source.read_of(pid, name, self.buffer);
        remember(answer, need, refused)
    }

    /// Where a link of a process points to, if it is wanted and not refused.
    pub(super) fn link<'b>(
        &'b mut self,
        pid: u32,
        need: Needs,
        name: &str,
        refused: &mut Needs,
    ) -> Option<&'b [u8]> {
        if !self.asks(need, *refused) {
            return None;
        }
        remember(self.source.link_of(pid, name, self.buffer), need, refused)
    }
}

/// The answer, if there is one; an error that will be the same next time is remembered.
pub(super) fn remember<T>(answer: Result<T, Errno>, need: Needs, refused: &mut Needs) -> Option<T> {
    let error = match answer {
        Ok(answer) => return Some(answer),
        Err(error) => error,
    };
    // A file that is not there: this kernel was built without it. One that is there and gives EINVAL:
    // `attr/current` without a security module.
    if is_denied(error) || matches!(error, Errno::NOENT | Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) {
        *refused |= need;
    }
    None
}

/// While a process is younger than this its facts are read at each refresh: it may still execute.
const YOUNG_SECS: u64 = 5;

fn is_young(source: &Source, process: &Process) -> bool {
    source.is_live() && {
        let uptime_secs = source.now().boottime_ns / 1_000_000_000;
        let started_secs = process.id.start_ticks / crate::sys::clock_ticks_per_second();
        uptime_secs.saturating_sub(started_secs) < YOUNG_SECS
    }
}

/// CPU time by `stat`, to the tick (10 ms) where the clock gives nanoseconds.
fn ticks_as_ns(stat: &pid_stat::PidStat<'_>) -> u64 {
    let ticks = stat.user_ticks.saturating_add(stat.system_ticks);
    ticks.saturating_mul(1_000_000_000 / crate::sys::clock_ticks_per_second())
}

/// A zombie, or one that is being taken away: `stat` field 3.
fn is_dead(state: u8) -> bool {
    matches!(state, b'Z' | b'X' | b'x')
}
