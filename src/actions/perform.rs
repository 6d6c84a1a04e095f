//! Doing it.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, getpriority_process, pidfd_send_signal, setpriority_process};
use serde::{Deserialize, Serialize};

use super::target::NO_PIDFD;
use super::{Nice, Outcome, Refusal, Signal, Target, Words};

/// What can be done to a process. Values are checked when they are made, so that whoever receives one (the
/// agent, a helper with more rights) need not check it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProcessAction {
    /// Send a signal to the process.
    Signal(Signal),
    /// Set the nice value of all its threads.
    SetNice(Nice),
}

impl ProcessAction {
    /// The words for sentences about it, where no entry of [`ACTIONS`](super::ACTIONS) has better ones.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Signal(signal) => {
                Words { done: format!("Sent {signal} to").into(), act: format!("send {signal} to").into() }
            }
            Self::SetNice(_) => Words::new("Changed the priority of", "change the priority of"),
        }
    }

    /// Whether the process is meant to end by it.
    #[must_use]
    pub fn is_meant_to_end(self) -> bool {
        matches!(self, Self::Signal(Signal::TERM | Signal::KILL))
    }
}

/// Does `action` to the process that `target` holds, and to no other. Does not wait for its effect.
#[must_use]
pub fn perform(target: &Target, action: ProcessAction) -> Outcome {
    // A zombie takes every signal and every priority: that would be a success without an effect.
    if target.has_ended() {
        return Outcome::Gone;
    }
    match action {
        ProcessAction::Signal(signal) => send(target, signal),
        ProcessAction::SetNice(nice) => set_nice(target, nice),
    }
}

/// As [`perform`]; if the process is meant to end by it, waits for that at most for `patience`: `Done` says
/// that it has ended, `StillRunning` that it has not. Blocks, so never call it on the main thread.
#[must_use]
pub fn perform_and_wait(target: &Target, action: ProcessAction, patience: Duration) -> Outcome {
    match perform(target, action) {
        Outcome::Done if action.is_meant_to_end() && !target.wait_for_end(patience) => Outcome::StillRunning,
        outcome => outcome,
    }
}

fn send(target: &Target, signal: Signal) -> Outcome {
    let Some(raw) = signal.raw() else {
        return Outcome::Failed(format!("the C library keeps {signal} for itself"));
    };
    match pidfd_send_signal(&target.pidfd, raw) {
        Ok(()) => Outcome::Done,
        Err(Errno::SRCH) => Outcome::Gone,
        Err(error) => not_done(error),
    }
}

fn not_done(error: Errno) -> Outcome {
    match error {
        // ACCES: setpriority(2) for a priority above the present one without CAP_SYS_NICE.
        Errno::PERM | Errno::ACCESS => Outcome::Refused(Refusal::NotPermitted),
        Errno::NOSYS => Outcome::Failed(NO_PIDFD.to_owned()),
        other => Outcome::Failed(std::io::Error::from(other).to_string()),
    }
}

/// A thread starts with the nice value of the thread that made it, so one pass can miss what an unchanged
/// thread has just made. Nearly always the second pass finds nothing left to do.
const MAX_PASSES: usize = 10;

/// Sets the nice value of every thread.
///
/// setpriority(2) takes a thread and not a process, whatever POSIX says. With the pid it changes the main
/// thread alone, and a browser's or a compiler's work goes on in the others at the old priority.
///
/// There is no setpriority by pidfd. While the pidfd says that the process lives, its pid is its own; it is
/// asked before and after. The ids of its other threads are looked up right before each change and again
/// right after.
fn set_nice(target: &Target, nice: Nice) -> Outcome {
    let tasks = target.dir.join("task");
    let mut touched = false;
    for _ in 0..MAX_PASSES {
        if target.has_ended() {
            break;
        }
        match set_nice_once(&tasks, target.pid, nice, &mut touched) {
            Ok(false) if target.has_ended() => break,
            Ok(false) => return Outcome::Done,
            Ok(true) => {}
            Err(outcome) => return outcome,
        }
    }
    match (target.has_ended(), touched) {
        (true, true) => Outcome::Unknown,
        (true, false) => Outcome::Gone,
        (false, _) => Outcome::Failed("it keeps making threads with the old priority".to_owned()),
    }
}

/// One pass over the threads; whether any had to be changed.
fn set_nice_once(tasks: &Path, main: Pid, nice: Nice, touched: &mut bool) -> Result<bool, Outcome> {
    let wanted = i32::from(nice.get());
    let mut changed = false;
    for thread in threads(tasks)? {
        match getpriority_process(Some(thread)) {
            Ok(present) if present == wanted => continue,
            Err(Errno::SRCH) => continue,
            // Setting it will fail for the same reason, and say so.
            Ok(_) | Err(_) => {}
        }
        match setpriority_process(Some(thread), wanted) {
            Ok(()) => (changed, *touched) = (true, true),
            // The thread has ended meanwhile.
            Err(Errno::SRCH) => continue,
            Err(error) => return Err(not_done(error)),
        }
        // No longer a thread of this process, and yet somebody's: it may have been a stranger's already when
        // it was changed. It takes all pids being used up within microseconds, but it is not a success.
        let is_ours = thread == main || tasks.join(thread.as_raw_pid().to_string()).exists();
        if !is_ours && getpriority_process(Some(thread)).is_ok() {
            return Err(Outcome::Unknown);
        }
    }
    Ok(changed)
}

fn threads(tasks: &Path) -> Result<HashSet<Pid>, Outcome> {
    let listing = match std::fs::read_dir(tasks) {
        Ok(listing) => listing,
        // Ended: the caller asks the pidfd.
        Err(error) if crate::identity::is_gone(&error) => return Ok(HashSet::new()),
        Err(error) => return Err(Outcome::Failed(format!("{}: {error}", tasks.display()))),
    };
    let ids = listing.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    Ok(ids.filter_map(|id| Pid::from_raw(i32::try_from(id).ok()?)).collect())
}
