//! Outcomes in words: one by one for few processes, summed up for many.

use gnomon::actions::{Outcome, Refusal, Subject, Words};

/// Up to this many processes are told of one by one.
const FEW: usize = 3;

/// The sentences to show, each a toast.
#[must_use]
pub fn sentences(words: &Words, told: &[(Subject, Outcome)]) -> Vec<String> {
    if told.len() <= FEW {
        return told.iter().map(|(who, outcome)| outcome.sentence(words, who)).collect();
    }
    vec![summary(words, told)]
}

/// "Ended 12 processes; 2 not permitted; 1 already gone".
fn summary(words: &Words, told: &[(Subject, Outcome)]) -> String {
    let done = told.iter().filter(|(_, outcome)| *outcome == Outcome::Done).count();
    let mut clauses: Vec<(String, usize)> = Vec::new();
    for (_, outcome) in told {
        let Some(clause) = clause(outcome) else { continue };
        match clauses.iter_mut().find(|(known, _)| *known == clause) {
            Some((_, count)) => *count += 1,
            None => clauses.push((clause, 1)),
        }
    }
    let begin = match done {
        0 => format!("Could not {} {}: ", words.act, processes(told.len())),
        done if clauses.is_empty() => return format!("{} {}", words.done, processes(done)),
        done => format!("{} {}; ", words.done, processes(done)),
    };
    let rest: Vec<_> = clauses.iter().map(|(clause, count)| format!("{count} {clause}")).collect();
    begin + &rest.join("; ")
}

/// What follows a number of processes; `None` for what was done.
fn clause(outcome: &Outcome) -> Option<String> {
    Some(match outcome {
        Outcome::Done => return None,
        Outcome::StillRunning => "still running".to_owned(),
        Outcome::Gone | Outcome::Refused(Refusal::Ended) => "already gone".to_owned(),
        Outcome::Refused(Refusal::NotPermitted) => "not permitted".to_owned(),
        Outcome::Refused(Refusal::KernelThread) => "of the kernel left alone".to_owned(),
        Outcome::Refused(Refusal::Init) => "that the whole system depends on".to_owned(),
        Outcome::Refused(Refusal::Ourselves) => "is Gnomon itself".to_owned(),
        Outcome::Refused(Refusal::NotThisMachine) => "not of this system".to_owned(),
        Outcome::Cancelled => "cancelled".to_owned(),
        Outcome::Unknown => "ended meanwhile".to_owned(),
        Outcome::Failed(error) => format!("failed ({error})"),
    })
}

/// "firefox (4242) is still running", "3 processes are still running".
#[must_use]
pub fn still_running(who: &[Subject]) -> String {
    match who {
        [one] => format!("{one} is still running"),
        many => format!("{} are still running", processes(many.len())),
    }
}

/// "firefox (4242) has ended", "All 3 processes have ended".
#[must_use]
pub fn all_ended(who: &[Subject]) -> String {
    match who {
        [one] => format!("{one} has ended"),
        many => format!("All {} have ended", processes(many.len())),
    }
}

/// "1 process", "2 processes".
#[must_use]
pub fn processes(count: usize) -> String {
    if count == 1 { "1 process".to_owned() } else { format!("{count} processes") }
}

#[cfg(test)]
mod tests {
    use gnomon::identity::ProcessId;

    use super::*;

    const END: Words = Words::new("Ended", "end");

    fn told(outcomes: &[(usize, Outcome)]) -> Vec<(Subject, Outcome)> {
        let all = outcomes.iter().flat_map(|(count, outcome)| std::iter::repeat_n(outcome.clone(), *count));
        all.zip(1..).map(|(outcome, pid)| (subject(pid), outcome)).collect()
    }

    fn subject(pid: u32) -> Subject {
        Subject { id: ProcessId { pid, start_ticks: 1 }, name: "x".into(), uid: None }
    }

    #[test]
    fn few_are_told_one_by_one() {
        let told =
            told(&[(1, Outcome::Done), (1, Outcome::Gone), (1, Outcome::Refused(Refusal::NotPermitted))]);
        let expected = ["Ended x (1)", "x (2) was already gone", "Not permitted to end x (3)"];
        assert_eq!(sentences(&END, &told), expected);
        assert!(sentences(&END, &[]).is_empty());
    }

    #[test]
    fn many_are_summed_up() {
        let refused = |refusal| Outcome::Refused(refusal);
        let cases = [
            (told(&[(12, Outcome::Done)]), "Ended 12 processes"),
            (
                told(&[(12, Outcome::Done), (2, refused(Refusal::NotPermitted))]),
                "Ended 12 processes; 2 not permitted",
            ),
            (
                told(&[(1, Outcome::Done), (2, Outcome::Gone), (1, refused(Refusal::Ended))]),
                "Ended 1 process; 3 already gone",
            ),
            (
                told(&[(3, refused(Refusal::NotPermitted)), (2, Outcome::Gone)]),
                "Could not end 5 processes: 3 not permitted; 2 already gone",
            ),
            (
                told(&[(4, Outcome::Done), (1, Outcome::Failed("Out of memory".into()))]),
                "Ended 4 processes; 1 failed (Out of memory)",
            ),
        ];
        for (told, expected) in cases {
            assert_eq!(sentences(&END, &told), [expected]);
        }
    }

    #[test]
    fn one_is_named_and_many_are_counted() {
        assert_eq!(still_running(&[subject(7)]), "x (7) is still running");
        assert_eq!(still_running(&[subject(7), subject(8)]), "2 processes are still running");
        assert_eq!(all_ended(&[subject(7)]), "x (7) has ended");
        assert_eq!(all_ended(&[subject(7), subject(8)]), "All 2 processes have ended");
    }
}
