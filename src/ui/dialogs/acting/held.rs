//! Processes in hand: taken when picked, acted on once the person has answered, watched in between.
//!
//! Everything here waits for the system, so it runs on the threads of commands.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gnomon::actions::{Outcome, ProcessAction, Subject, Target, perform};

use crate::ui::dialogs::picked::Picked;

/// How long what should end is waited for.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How often those that a dialog is about are asked whether they have ended.
const WATCH: Duration = Duration::from_millis(250);

/// A process in hand.
#[derive(Debug)]
pub struct Held {
    /// Holds on to it.
    pub target: Target,
    /// What the person saw.
    pub picked: Picked,
}

/// Those that could be taken, and what came of the others.
#[derive(Debug, Default)]
pub struct Holding {
    /// In hand.
    pub held: Vec<Arc<Held>>,
    /// Gone already, or never to be acted on.
    pub refused: Vec<(Subject, Outcome)>,
}

/// Takes hold of the processes that were picked.
#[must_use]
pub fn hold(proc: &Path, picked: Vec<Picked>) -> Holding {
    let mut holding = Holding::default();
    for picked in picked {
        match Target::open(proc, picked.id, &picked.name) {
            Ok(target) => holding.held.push(Arc::new(Held { target, picked })),
            Err(outcome) => holding.refused.push((picked.subject(), outcome)),
        }
    }
    holding
}

/// Acts on all, then waits for those that should end, together at most for `patience`.
#[must_use]
pub fn act_on(held: &[Arc<Held>], action: ProcessAction, patience: Duration) -> Vec<Outcome> {
    let mut outcomes: Vec<_> = held.iter().map(|one| perform(&one.target, action)).collect();
    if action.is_meant_to_end() {
        let deadline = Instant::now() + patience;
        for (outcome, one) in outcomes.iter_mut().zip(held) {
            let left = deadline.saturating_duration_since(Instant::now());
            if *outcome == Outcome::Done && !one.target.wait_for_end(left) {
                *outcome = Outcome::StillRunning;
            }
        }
    }
    outcomes
}

/// Waits until all have ended (`true`) or nobody wants to know any more.
#[must_use]
pub fn wait_until_all_ended(held: &[Arc<Held>], forget: &AtomicBool) -> bool {
    for one in held {
        while !one.target.wait_for_end(WATCH) {
            if forget.load(Ordering::Relaxed) {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::process::{Child, Command, Stdio};

    use gnomon::actions::{Refusal, Signal};
    use gnomon::identity::{Identity, ProcessId};

    use super::*;

    const PROC: &str = "/proc";

    fn sleeper() -> (Child, Picked) {
        picked(Command::new("sleep").arg("600").spawn().expect("sleep"))
    }

    /// Takes no notice of being asked to end, from the moment that this returns.
    fn stubborn() -> (Child, Picked) {
        let script = "trap '' TERM; echo; exec sleep 600";
        let mut child = Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).spawn().expect("sh");
        let said = child.stdout.take().map(|mut stdout| stdout.read_exact(&mut [0]));
        said.expect("a pipe").expect("a line");
        picked(child)
    }

    fn picked(child: Child) -> (Child, Picked) {
        let id = Identity::read(Path::new(PROC), child.id()).ok().flatten().expect("a child").id;
        (child, Picked { id, name: "child".into(), ..Picked::default() })
    }

    #[test]
    fn what_cannot_be_held_is_told_apart_from_what_can() {
        let (mut child, picked) = sleeper();
        let id = ProcessId { start_ticks: picked.id.start_ticks + 1, ..picked.id };
        let earlier = Picked { id, ..picked.clone() };
        let init = Picked { id: ProcessId { pid: 1, start_ticks: 0 }, ..picked.clone() };
        let holding = hold(Path::new(PROC), vec![earlier, picked.clone(), init]);
        assert_eq!(holding.held.iter().map(|one| one.picked.id).collect::<Vec<_>>(), [picked.id]);
        let outcomes: Vec<_> = holding.refused.iter().map(|(_, outcome)| outcome.clone()).collect();
        assert_eq!(outcomes, [Outcome::Gone, Outcome::Refused(Refusal::Init)]);
        child.kill().and_then(|()| child.wait()).expect("our own child");
    }

    #[test]
    fn a_stubborn_process_is_still_running_after_end_and_ends_by_kill() {
        let ((mut deaf, one), (mut other, two)) = (stubborn(), sleeper());
        let held = hold(Path::new(PROC), vec![one, two]).held;
        let outcomes = act_on(&held, ProcessAction::Signal(Signal::TERM), Duration::from_millis(300));
        assert_eq!(outcomes, [Outcome::StillRunning, Outcome::Done]);
        let outcomes = act_on(&held, ProcessAction::Signal(Signal::KILL), PATIENCE);
        assert_eq!(outcomes, [Outcome::Done, Outcome::Gone]);
        deaf.wait().and_then(|_| other.wait()).expect("our own children");
    }

    #[test]
    fn the_end_of_all_is_noticed_and_a_watch_can_be_given_up() {
        let (mut child, picked) = sleeper();
        let held = hold(Path::new(PROC), vec![picked]).held;
        assert!(!wait_until_all_ended(&held, &AtomicBool::new(true)));
        child.kill().expect("our own child");
        assert!(wait_until_all_ended(&held, &AtomicBool::new(false)));
        child.wait().expect("our own child");
    }
}
