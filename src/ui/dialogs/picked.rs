//! A process as the person saw it when picking it.

use gnomon::actions::Subject;
use gnomon::identity::ProcessId;
use gnomon::snapshot::Snapshot;
use gnomon::units::{self, Unit, UnitStyle};

/// What was on the screen when the process was picked. It may have ended since.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picked {
    /// Which process.
    pub id: ProcessId,
    /// Its name, safe to show.
    pub name: String,
    /// Its user's name, or uid where the user database knows none.
    pub user: Option<String>,
    /// Seconds since it started.
    pub age_secs: Option<f64>,
    /// Its nice value.
    pub nice: Option<i32>,
}

impl Picked {
    /// The process as this moment shows it.
    #[must_use]
    pub fn of(snapshot: &Snapshot, id: ProcessId) -> Self {
        let process = snapshot.index_of(id).and_then(|index| snapshot.sample.processes.get(index));
        let Some(process) = process else {
            return Self { id, name: "process".to_owned(), ..Self::default() };
        };
        let users = &snapshot.sample.users;
        let user =
            process.facts.uid.map(|uid| users.get(&uid).map_or_else(|| uid.to_string(), ToString::to_string));
        let clock_ticks = snapshot.sample.machine.clock_ticks;
        Self {
            id,
            name: process.facts.name.to_string(),
            user,
            age_secs: age_secs(snapshot.sample.time.boottime_ns, id.start_ticks, clock_ticks),
            nice: Some(process.nice),
        }
    }

    /// The process as sentences name it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject { id: self.id, name: self.name.clone(), uid: None }
    }

    /// Whose it is and how old, in a line: "alice · running for 2 h 05 min".
    #[must_use]
    pub fn about(&self) -> String {
        let age = self
            .age_secs
            .map(|age| format!("running for {}", units::text(Unit::Seconds, age, &UnitStyle::default())));
        let parts: Vec<_> = self.user.clone().into_iter().chain(age).collect();
        parts.join(" · ")
    }
}

/// Seconds between a start in clock ticks since boot and a moment on the boot clock.
#[expect(clippy::cast_precision_loss, reason = "an age is shown to the second")]
fn age_secs(boottime_ns: u64, start_ticks: u64, ticks_per_second: u64) -> Option<f64> {
    let started = (ticks_per_second > 0).then(|| start_ticks as f64 / ticks_per_second as f64)?;
    // The kernel rounds a start to ticks: what has just begun may seem to begin in a moment.
    Some((boottime_ns as f64 / 1e9 - started).max(0.0))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gnomon::sample::{Facts, Machine, Moment, Process, Sample};

    use super::*;

    fn snapshot() -> Snapshot {
        let id = ProcessId { pid: 42, start_ticks: 100_000 };
        let facts = Facts { name: "fire<b>fox".into(), uid: Some(7), ..Facts::default() };
        let known = Process { id, facts: Arc::new(facts), nice: -5, ..Process::default() };
        let id = ProcessId { pid: 43, start_ticks: 100_000 };
        let facts = Facts { name: "x".into(), uid: Some(8), ..Facts::default() };
        let stranger = Process { id, facts: Arc::new(facts), ..Process::default() };
        Snapshot::new(
            None,
            Arc::new(Sample {
                time: Moment { boottime_ns: 8_500_000_000_000, ..Moment::default() },
                machine: Arc::new(Machine { clock_ticks: 100, ..Machine::default() }),
                users: Arc::new([(7, "alice".into())].into()),
                processes: vec![Arc::new(known), Arc::new(stranger)],
                ..Sample::default()
            }),
        )
    }

    #[test]
    fn a_picked_process_has_name_user_and_age() {
        let picked = Picked::of(&snapshot(), ProcessId { pid: 42, start_ticks: 100_000 });
        assert_eq!((picked.name.as_str(), picked.nice), ("fire<b>fox", Some(-5)));
        assert_eq!(picked.about().replace('\u{a0}', " "), "alice · running for 2 h 05 min");
        let stranger = Picked::of(&snapshot(), ProcessId { pid: 43, start_ticks: 100_000 });
        assert_eq!(stranger.user.as_deref(), Some("8"));
    }

    #[test]
    fn another_process_with_the_pid_is_not_taken_for_it() {
        let later = ProcessId { pid: 42, start_ticks: 100_001 };
        let picked = Picked::of(&snapshot(), later);
        assert_eq!((picked.id, picked.user.as_deref(), picked.about().as_str()), (later, None, ""));
    }

    #[test]
    fn an_age_is_never_negative_and_needs_a_clock() {
        assert_eq!(age_secs(10_000_000_000, 1_001, 100), Some(0.0));
        assert_eq!(age_secs(10_000_000_000, 400, 100), Some(6.0));
        assert_eq!(age_secs(10_000_000_000, 400, 0), None);
    }
}
