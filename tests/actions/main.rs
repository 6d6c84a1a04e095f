//! Acting on real processes: each test starts its own children, picks them as the window would, and looks at
//! what became of them.

mod children;
mod safety;

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use gnomon::actions::{
    ACTIONS, Action, Outcome, ProcessAction, Refusal, SIGNALS, Signal, Subject, Target, perform,
    perform_and_wait,
};
use gnomon::identity::ProcessId;

use children::*;

#[test]
fn end_ends_a_process() {
    let mut child = Guard::sleeper();
    let target = child.target();
    assert!(!target.has_ended());
    assert_eq!(perform_and_wait(&target, TERM, PATIENCE), Outcome::Done);
    assert!(target.has_ended());
    assert_eq!(child.0.wait().unwrap().signal(), Some(15));
    assert_eq!(perform(&target, TERM), Outcome::Gone);
}

#[test]
fn a_process_that_ignores_end_is_reported_running_and_dies_by_kill() {
    let mut child = Guard::script("trap '' TERM; echo ready; exec sleep 1000");
    let target = child.target();
    assert_eq!(perform_and_wait(&target, TERM, Duration::from_millis(50)), Outcome::StillRunning);
    assert!(child.0.try_wait().unwrap().is_none(), "it ignores TERM");
    assert_eq!(perform_and_wait(&target, KILL, PATIENCE), Outcome::Done);
    assert_eq!(child.0.wait().unwrap().signal(), Some(9));
}

#[test]
fn stop_stops_and_continue_continues() {
    let child = Guard::sleeper();
    let target = child.target();
    let pid = child.0.id();
    eventually("asleep", || state(pid) == 'S');
    assert_eq!(perform(&target, STOP), Outcome::Done);
    eventually("stopped", || state(pid) == 'T');
    assert_eq!(perform(&target, CONT), Outcome::Done);
    eventually("asleep again", || state(pid) == 'S');
}

#[test]
fn a_stopped_process_is_killed_without_continuing_it() {
    let mut child = Guard::sleeper();
    let target = child.target();
    assert_eq!(perform(&target, STOP), Outcome::Done);
    eventually("stopped", || state(child.0.id()) == 'T');
    assert_eq!(perform_and_wait(&target, KILL, PATIENCE), Outcome::Done);
    assert_eq!(child.0.wait().unwrap().signal(), Some(9));
}

/// Each signal arrives as itself: the child's shell tells which one it got.
#[test]
fn signals_arrive_under_their_own_numbers() {
    // Not those that nohup or a shell in the background may have made the whole test ignore.
    for name in ["USR1", "USR2", "ALRM", "WINCH", "PWR", "RTMIN", "RTMIN+5", "RTMAX"] {
        let signal = Signal::from_name(name).unwrap();
        let number = signal.number();
        let mut child = Guard(
            Command::new("bash")
                .args(["-c", &format!("trap 'exit {number}' {number}; echo ready; read -r never")])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap(),
        );
        let mut ready = [0; 6];
        child.0.stdout.as_mut().unwrap().read_exact(&mut ready).unwrap();
        assert_eq!(perform(&child.target(), ProcessAction::Signal(signal)), Outcome::Done, "{name}");
        assert_eq!(child.0.wait().unwrap().code(), Some(i32::from(number)), "{name}");
    }
}

#[test]
fn a_new_priority_is_seen_in_proc() {
    let child = Guard::sleeper();
    let target = child.target();
    let before = nice_of(child.0.id());
    for value in [before.max(5), 19] {
        assert_eq!(perform(&target, nice(value)), Outcome::Done);
        assert_eq!(nice_of(child.0.id()), value);
        // Setting what is already set is done, too.
        assert_eq!(perform(&target, nice(value)), Outcome::Done);
    }
}

#[test]
fn a_new_priority_reaches_every_thread() {
    const THREADS: usize = 8;
    if role().as_deref() == Some("threads") {
        let start = std::sync::Barrier::new(THREADS + 1);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    start.wait();
                    std::thread::park();
                });
            }
            start.wait();
            println!("ready");
            // Ends with the pipe, when the parent lets go of it or dies.
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            std::process::exit(0);
        });
    }
    let child = Guard::ready(&mut myself("a_new_priority_reaches_every_thread", "threads"));
    let pid = child.0.id();
    assert!(nices_of_threads(pid).len() > THREADS);
    assert_eq!(perform(&child.target(), nice(17)), Outcome::Done);
    assert!(nices_of_threads(pid).iter().all(|nice| *nice == 17), "{:?}", nices_of_threads(pid));

    // A thread is not a process that could be picked.
    let tid = std::fs::read_dir(format!("{PROC}/{pid}/task"))
        .unwrap()
        .map(|task| task.unwrap().file_name().to_str().unwrap().parse::<u32>().unwrap())
        .find(|tid| *tid != pid)
        .unwrap();
    assert_eq!(open(identity(tid).unwrap()).unwrap_err(), Outcome::Gone);
}

#[test]
fn the_table_ends_and_kills_and_says_so() {
    for (id, said) in [("end", "Ended"), ("kill", "Killed")] {
        let child = Guard::sleeper();
        let action = Action::by_id(id).unwrap();
        let target = Target::open(Path::new(PROC), child.id(), "sleeping beauty").unwrap();
        let outcome = perform_and_wait(&target, action.kind, PATIENCE);
        let sentence = outcome.sentence(&action.words, target.subject());
        assert_eq!(sentence, format!("{said} sleeping beauty ({})", child.0.id()));
    }
    assert!(ACTIONS.len() >= 4 && SIGNALS.len() >= 31);
    let hup = ProcessAction::Signal(Signal::from_name("HUP").unwrap());
    let id = ProcessId { pid: 712, start_ticks: 1 };
    let sshd = Subject { id, name: "sshd".into(), uid: Some(0) };
    assert_eq!(Outcome::Done.sentence(&hup.words(), &sshd), "Sent SIGHUP to sshd (712)");
    let refused = Outcome::Refused(Refusal::NotPermitted);
    assert_eq!(
        refused.sentence(&nice(-5).words(), &sshd),
        "Not permitted to change the priority of sshd (712)"
    );
}
