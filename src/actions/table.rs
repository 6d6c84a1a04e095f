//! The actions that menus, shortcuts and confirmations loop over. Adding one is adding an entry.

use super::{ProcessAction, Signal, Subject, Words};

/// Something that can be done to the selected processes.
#[derive(Debug)]
pub struct Action {
    /// Stable name: of the GAction, in settings and in tests.
    pub id: &'static str,
    /// As menus show it, header capitalised, without an ellipsis.
    pub title: &'static str,
    /// Its words in toasts and questions.
    pub words: Words,
    /// The keys that start it, as GTK parses accelerators.
    pub accel: Option<&'static str>,
    /// What is asked first (a preference can turn that off); `None`: it can be undone, nothing is asked.
    pub confirm: Option<Confirm>,
    /// What is done.
    pub kind: ProcessAction,
}

/// The words of a confirmation besides its question.
#[derive(Debug)]
pub struct Confirm {
    /// What will happen, under the question.
    pub consequence: &'static str,
    /// The button that does it. The default button is always Cancel.
    pub button: &'static str,
}

/// Every action with a fixed meaning. Those that ask for a value first (a priority, a signal from the list)
/// are dialogs and menus over [`ProcessAction`].
pub static ACTIONS: &[Action] = &[
    Action {
        id: "stop",
        title: "Stop",
        words: Words::new("Stopped", "stop"),
        accel: Some("<Control>s"),
        confirm: None,
        kind: ProcessAction::Signal(Signal::STOP),
    },
    Action {
        id: "continue",
        title: "Continue",
        words: Words::new("Continued", "continue"),
        accel: Some("<Control><Shift>c"),
        confirm: None,
        kind: ProcessAction::Signal(Signal::CONT),
    },
    Action {
        id: "end",
        title: "End",
        words: Words::new("Ended", "end"),
        accel: Some("Delete"),
        confirm: Some(Confirm {
            consequence: "Asked to end, a process may save its work first. Work that is not saved may be lost.",
            button: "End",
        }),
        kind: ProcessAction::Signal(Signal::TERM),
    },
    Action {
        id: "kill",
        title: "Kill",
        words: Words::new("Killed", "kill"),
        accel: Some("<Control>k"),
        confirm: Some(Confirm {
            consequence: "A killed process ends at once, without saving anything. Work that is not saved is lost.",
            button: "Kill",
        }),
        kind: ProcessAction::Signal(Signal::KILL),
    },
];

impl Action {
    /// The action called `id`.
    #[must_use]
    pub fn by_id(id: &str) -> Option<&'static Self> {
        ACTIONS.iter().find(|action| action.id == id)
    }

    /// The question of a confirmation: "End firefox (4242)?", "End 3 Processes?".
    #[must_use]
    pub fn question(&self, subjects: &[Subject]) -> String {
        match subjects {
            [one] => format!("{} {one}?", self.title),
            many => format!("{} {} Processes?", self.title, many.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::identity::ProcessId;

    #[test]
    fn ids_and_accelerators_are_there_once() {
        let (mut ids, mut accels, mut kinds) = (HashSet::new(), HashSet::new(), HashSet::new());
        for action in ACTIONS {
            assert!(ids.insert(action.id), "{} twice", action.id);
            assert!(kinds.insert(action.kind), "{} does what another does", action.id);
            // GTK takes modifiers in any order and any case.
            if let Some(accel) = action.accel {
                let mut keys: Vec<_> = accel.to_lowercase().split('>').map(str::to_owned).collect();
                keys.sort();
                assert!(accels.insert(keys), "{accel} twice");
            }
            assert_eq!(Action::by_id(action.id).map(|found| found.kind), Some(action.kind));
        }
        assert!(Action::by_id("").is_none());
    }

    #[test]
    fn whatever_cannot_be_undone_is_asked_first() {
        for action in ACTIONS {
            let undoable = ["stop", "continue"].contains(&action.id);
            assert_eq!(action.confirm.is_none(), undoable, "{}", action.id);
            assert!(!action.title.ends_with('…') && !action.words.done.is_empty(), "{}", action.id);
        }
    }

    #[test]
    fn questions_name_one_and_count_many() {
        let id = ProcessId { pid: 42, start_ticks: 1 };
        let one = Subject { id, name: "firefox".into(), uid: None };
        let end = Action::by_id("end").map(|end| {
            (end.question(std::slice::from_ref(&one)), end.question(&[one.clone(), one.clone(), one.clone()]))
        });
        assert_eq!(end, Some(("End firefox (42)?".to_owned(), "End 3 Processes?".to_owned())));
    }
}
