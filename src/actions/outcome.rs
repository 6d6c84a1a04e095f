//! What came of an action, and the sentence that tells it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::ProcessId;

/// What came of acting on one process. Each is told to the user in words of its own: a refusal is never taken
/// for a success, nor a process that had ended for one that was ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done to the process that was picked. A signal was delivered; what the process makes of it is
    /// its own affair, unless the call waited for its end ([`perform_and_wait`](super::perform_and_wait)).
    Done,
    /// It should have ended and has not yet.
    StillRunning,
    /// The process that was picked no longer exists. Nothing was done to anyone.
    Gone,
    /// It was not done, for a reason that will not change by trying again.
    Refused(Refusal),
    /// The user thought better of it. Nothing was done.
    Cancelled,
    /// The process (or, for a change of all its threads, one of them) ended while it was being done.
    Unknown,
    /// Something else stood in the way: the system's own words.
    Failed(String),
}

/// Why an action was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Refusal {
    /// It takes more rights: another user's process, or a priority above the present one.
    NotPermitted,
    /// A thread of the kernel.
    KernelThread,
    /// Pid 1, which every other process depends on, or pid 0, which is no process.
    Init,
    /// The process that asks.
    Ourselves,
    /// A zombie: it has ended, and stays listed until its parent takes notice.
    Ended,
    /// It was read from a copy of /proc or from another pid namespace, where its pid means another process.
    NotThisMachine,
}

/// A process as sentences name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// Which process.
    pub id: ProcessId,
    /// The name that the user saw when picking it, made safe to show by whoever showed it.
    pub name: String,
    /// The user id that owns `/proc/[pid]`: the effective user, or root for a process that may not be
    /// inspected (proc_pid(5)). `None` when it could not be read.
    pub uid: Option<u32>,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.id)
    }
}

/// The words of an action that sentences are made of; the process follows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// After the deed: "Ended", "Changed the priority of".
    pub done: Cow<'static, str>,
    /// Before it: "end", "change the priority of".
    pub act: Cow<'static, str>,
}

impl Words {
    /// Words that are known beforehand.
    #[must_use]
    pub const fn new(done: &'static str, act: &'static str) -> Self {
        Self { done: Cow::Borrowed(done), act: Cow::Borrowed(act) }
    }
}

impl Outcome {
    /// The outcome as one sentence for a toast: "Ended firefox (4242)". Plain text, not markup.
    #[must_use]
    pub fn sentence(&self, words: &Words, who: &Subject) -> String {
        let Words { done, act } = words;
        match self {
            Self::Done => format!("{done} {who}"),
            Self::StillRunning => format!("{who} is still running"),
            Self::Gone => format!("{who} was already gone"),
            Self::Refused(Refusal::NotPermitted) => format!("Not permitted to {act} {who}"),
            Self::Refused(Refusal::Ended) => format!("{who} has already ended; its parent has yet to notice"),
            Self::Refused(refusal) => format!("Cannot {act} {who}: {}", refusal.because()),
            Self::Cancelled => "Cancelled".to_owned(),
            Self::Unknown => format!("{who} ended meanwhile; the outcome is unknown"),
            Self::Failed(error) => format!("Could not {act} {who}: {error}"),
        }
    }
}

impl Refusal {
    fn because(self) -> &'static str {
        match self {
            Self::NotPermitted => "it takes more rights",
            Self::KernelThread => "it is a part of the kernel",
            Self::Init => "the whole system depends on it",
            Self::Ourselves => "it is Gnomon itself",
            Self::Ended => "it has already ended",
            Self::NotThisMachine => "it is not a process of this system",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_sentence_of_its_own_that_names_the_process() {
        let id = ProcessId { pid: 4242, start_ticks: 7 };
        let who = Subject { id, name: "firefox".into(), uid: Some(1000) };
        let words = Words::new("Ended", "end");
        let failed = Outcome::Failed("Too many open files".into());
        let expected = [
            (Outcome::Done, "Ended firefox (4242)"),
            (Outcome::StillRunning, "firefox (4242) is still running"),
            (Outcome::Gone, "firefox (4242) was already gone"),
            (Outcome::Refused(Refusal::NotPermitted), "Not permitted to end firefox (4242)"),
            (
                Outcome::Refused(Refusal::KernelThread),
                "Cannot end firefox (4242): it is a part of the kernel",
            ),
            (Outcome::Refused(Refusal::Init), "Cannot end firefox (4242): the whole system depends on it"),
            (Outcome::Refused(Refusal::Ourselves), "Cannot end firefox (4242): it is Gnomon itself"),
            (
                Outcome::Refused(Refusal::Ended),
                "firefox (4242) has already ended; its parent has yet to notice",
            ),
            (
                Outcome::Refused(Refusal::NotThisMachine),
                "Cannot end firefox (4242): it is not a process of this system",
            ),
            (Outcome::Cancelled, "Cancelled"),
            (Outcome::Unknown, "firefox (4242) ended meanwhile; the outcome is unknown"),
            (failed, "Could not end firefox (4242): Too many open files"),
        ];
        for (outcome, sentence) in expected {
            assert_eq!(outcome.sentence(&words, &who), sentence);
        }
    }
}
