//! What a column looks at: a process with its rates at a moment.

use std::borrow::Cow;

use super::{Value, text};
use crate::kernel::pid_cgroup::CgroupFacts;
use crate::kernel::pid_io::PidIo;
use crate::kernel::pid_statm::PidStatm;
use crate::names::display_name;
use crate::sample::{Details, Process, RareFacts, Rollup, Status};
use crate::snapshot::{ProcessRates, Snapshot};

/// What a column says of a process, with everything that it may take into account.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// Its counters.
    pub process: &'a Process,
    /// Its rates.
    pub rates: &'a ProcessRates,
    /// The moment it belongs to.
    pub snapshot: &'a Snapshot,
    /// How the person wants it.
    pub view: View,
}

/// Preferences that change the meaning of a value, not only its look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct View {
    /// CPU in shares of one CPU (up to 100 % × CPUs) instead of the whole machine.
    pub cpu_of_one: bool,
}

impl<'a> Row<'a> {
    /// Name of the user it runs as; `None` for a user without a name.
    #[must_use]
    pub fn user_name(&self) -> Option<&'a str> {
        let uid = self.process.facts.uid?;
        self.snapshot.sample.users.get(&uid).map(|name| &**name)
    }

    /// A user by name, or by number without one.
    pub(super) fn user(&self, uid: u32) -> Value<'a> {
        match self.snapshot.sample.users.get(&uid) {
            Some(name) => text(name),
            None => Value::Text(Cow::Owned(uid.to_string())),
        }
    }

    /// Resident pages without shared ones, in bytes.
    pub(super) fn memory_bytes(&self) -> Option<u64> {
        self.pages(|pages| pages.resident_pages.saturating_sub(pages.shared_pages))
    }

    /// Bytes in some of its pages.
    pub(super) fn pages(&self, which: impl FnOnce(&PidStatm) -> u64) -> Option<u64> {
        which(self.process.memory.as_ref()?).checked_mul(self.snapshot.sample.machine.page_bytes)
    }

    /// The arguments with spaces between them, escaped to be shown; `None` when not known.
    #[must_use]
    pub fn command_line(&self) -> Option<String> {
        let arguments = self.process.facts.arguments.as_deref()?;
        let joined = crate::kernel::pid_cmdline::joined(arguments);
        Some(display_name(&joined).into_owned())
    }

    /// A counter of `io`.
    pub(super) fn io(&self, which: fn(&PidIo) -> Option<u64>) -> Option<u64> {
        which(self.process.io.as_ref()?)
    }

    /// Clock ticks in seconds.
    #[expect(clippy::cast_precision_loss, reason = "53 bits of clock ticks are a million years")]
    pub(super) fn seconds(&self, ticks: u64) -> Option<f64> {
        let per_second = self.snapshot.sample.machine.clock_ticks;
        (per_second > 0).then(|| ticks as f64 / per_second as f64)
    }

    /// When it began, in seconds since 1970.
    #[expect(clippy::cast_precision_loss, reason = "a time is good to the microsecond")]
    pub(super) fn started(&self) -> Option<f64> {
        let boot = self.snapshot.sample.system.stat.as_ref()?.boot_time_secs?;
        Some(boot as f64 + self.seconds(self.process.id.start_ticks)?)
    }

    /// Seconds since it began, with those that the machine slept.
    #[expect(clippy::cast_precision_loss, reason = "an age is good to the microsecond")]
    pub(super) fn age(&self) -> Option<f64> {
        let sample = &self.snapshot.sample;
        let tick_ns = 1_000_000_000_u64.checked_div(sample.machine.clock_ticks)?;
        let started_ns = self.process.id.start_ticks.checked_mul(tick_ns)?;
        // Who was born after the look at the clock, and before its turn to be read, is not younger than
        // nothing; a start far ahead is of a machine whose clock is not known.
        let born_later = started_ns.saturating_sub(sample.time.boottime_ns);
        (born_later < 1_000_000_000).then(|| sample.time.boottime_ns.saturating_sub(started_ns) as f64 / 1e9)
    }

    /// What is rarely wanted of it.
    pub(super) fn details(&self) -> Option<&'a Details> {
        self.process.details.as_deref()
    }

    /// What `status` says.
    pub(super) fn status(&self) -> Option<&'a Status> {
        self.details()?.status.as_ref()
    }

    /// What `smaps_rollup` says.
    pub(super) fn rollup(&self) -> Option<&'a Rollup> {
        self.details()?.rollup.as_ref()
    }

    /// Facts that are rarely wanted.
    pub(super) fn rare(&self) -> Option<&'a RareFacts> {
        self.process.facts.rare.as_deref()
    }

    /// What its control group says of it.
    pub(super) fn placement(&self) -> Option<&'a CgroupFacts> {
        self.rare()?.control_group.as_ref().map(|group| &group.facts)
    }

    /// Seat of its session.
    pub(super) fn seat(&self) -> Option<&'a str> {
        let session = self.rare()?.session()?;
        self.snapshot.sample.seats.get(&*session).map(|seat| &**seat)
    }
}
