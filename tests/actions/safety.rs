//! Whatever is asked for, nobody but the process that was picked is ever touched.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use gnomon::actions::{Outcome, ProcessAction, Refusal, Signal, Target, perform, perform_and_wait};
use gnomon::identity::{Identity, ProcessId};

use crate::children::*;

/// The children of one row of the matrix below are made anew for every action.
enum Who {
    Live,
    Stopped,
    ReapedAfterPicking,
    ZombieAfterPicking,
    ReapedBeforePicking,
    ZombieBeforePicking,
    StartedLater,
    StartedEarlier,
    Pid(u32),
    NoSuchPid(u32),
}

/// Every kind of target with every kind of action. "Nobody else is touched" is asserted after each.
#[test]
fn targets_and_actions() {
    let usr1 = ProcessAction::Signal(Signal::from_name("USR1").unwrap());
    let rt = ProcessAction::Signal(Signal::from_number(64).unwrap());
    let actions = [TERM, KILL, STOP, CONT, usr1, rt, nice(18), nice(19)];
    let refused = |refusal| Outcome::Refused(refusal);
    let mut vectors = 0;
    for action in actions {
        let whos = [
            (Who::Live, Outcome::Done),
            (Who::Stopped, Outcome::Done),
            (Who::ReapedAfterPicking, Outcome::Gone),
            (Who::ZombieAfterPicking, Outcome::Gone),
            (Who::ReapedBeforePicking, Outcome::Gone),
            (Who::ZombieBeforePicking, refused(Refusal::Ended)),
            (Who::StartedLater, Outcome::Gone),
            (Who::StartedEarlier, Outcome::Gone),
            (Who::Pid(0), refused(Refusal::Init)),
            (Who::Pid(1), refused(Refusal::Init)),
            (Who::Pid(std::process::id()), refused(Refusal::Ourselves)),
            (Who::NoSuchPid(i32::MAX as u32), Outcome::Gone),
            // As a C int this is -1, "everybody"; the next is "this process group".
            (Who::NoSuchPid(u32::MAX), Outcome::Gone),
            (Who::NoSuchPid(u32::MAX - std::process::id() + 1), Outcome::Gone),
        ];
        for (who, expected) in whos {
            vectors += 1;
            check(&who, action, &expected);
        }
    }
    assert!(vectors >= 40, "{vectors}");
}

fn check(who: &Who, action: ProcessAction, expected: &Outcome) {
    let bystander = Guard::sleeper();
    let nice_before = nice_of(bystander.0.id());
    let mut child = Guard::sleeper();
    let id = child.id();
    let shift = |ticks: i64| ProcessId { start_ticks: id.start_ticks.saturating_add_signed(ticks), ..id };
    let outcome = match who {
        Who::Live => open(id).map(|target| perform(&target, action)),
        Who::Stopped => {
            assert_eq!(perform(&child.target(), STOP), Outcome::Done);
            eventually("stopped", || state(id.pid) == 'T');
            open(id).map(|target| perform(&target, action))
        }
        Who::ReapedAfterPicking => {
            let target = child.target();
            child.reap();
            Ok(perform(&target, action))
        }
        Who::ZombieAfterPicking => {
            let target = child.target();
            child.make_zombie();
            Ok(perform(&target, action))
        }
        Who::ReapedBeforePicking => {
            child.reap();
            open(id).map(|target| perform(&target, action))
        }
        Who::ZombieBeforePicking => {
            child.make_zombie();
            open(id).map(|target| perform(&target, action))
        }
        Who::StartedLater => open(shift(1)).map(|target| perform(&target, action)),
        Who::StartedEarlier => open(shift(-1)).map(|target| perform(&target, action)),
        Who::Pid(pid) => {
            let start_ticks = identity(*pid).map_or(0, |id| id.start_ticks);
            open(ProcessId { pid: *pid, start_ticks }).map(|target| perform(&target, action))
        }
        Who::NoSuchPid(pid) => {
            open(ProcessId { pid: *pid, start_ticks: 1 }).map(|target| perform(&target, action))
        }
    };
    let outcome = outcome.unwrap_or_else(|refusal| refusal);
    assert_eq!(&outcome, expected, "{action:?} on {:?}", id);
    if matches!(who, Who::StartedLater | Who::StartedEarlier | Who::Pid(_) | Who::NoSuchPid(_)) {
        assert!("RSD".contains(state(id.pid)), "{action:?} reached a process that was not picked");
        assert_eq!(nice_of(id.pid), nice_before);
    }
    assert!("RSD".contains(state(bystander.0.id())), "{action:?} reached a bystander");
    assert_eq!(nice_of(bystander.0.id()), nice_before);
}

#[test]
fn kernel_threads_are_refused_by_their_flag() {
    let pids =
        std::fs::read_dir(PROC).unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let identities = pids.filter_map(|pid| Identity::read(Path::new(PROC), pid).ok()?);
    let mut found = 0;
    for kernel_thread in
        identities.filter(|identity| identity.is_kernel_thread && identity.id.pid > 1).take(5)
    {
        let outcome = open(kernel_thread.id).unwrap_err();
        assert_eq!(outcome, Outcome::Refused(Refusal::KernelThread), "{:?}", kernel_thread.comm);
        found += 1;
    }
    if found == 0 {
        eprintln!("skipped: no kernel thread is seen from here (a container?)");
    }
    // A process that only calls itself one is a process.
    let script = "cp \"$(command -v sleep)\" \"$1/[kworker]\" && echo ready && exec \"$1/[kworker]\" 1000";
    let folder = std::env::temp_dir().join(format!("gnomon-actions-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let child = Guard::ready(Command::new("sh").args(["-c", script, "sh"]).arg(&folder));
    eventually("renamed", || {
        Identity::read(Path::new(PROC), child.0.id()).unwrap().unwrap().comm == b"[kworker]"
    });
    let target = Target::open(Path::new(PROC), child.id(), "").unwrap();
    assert_eq!(target.subject().name, "[kworker]");
    assert_eq!(perform_and_wait(&target, KILL, PATIENCE), Outcome::Done);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A captured machine's pids mean other processes here, and a fixture may name a pid that lives.
#[test]
fn processes_of_another_machine_are_never_acted_on() {
    let child = Guard::sleeper();
    let root = std::env::temp_dir().join(format!("gnomon-copy-{}", std::process::id()));
    let copy = root.join(child.0.id().to_string());
    std::fs::create_dir_all(&copy).unwrap();
    std::fs::copy(format!("{PROC}/{}/stat", child.0.id()), copy.join("stat")).unwrap();
    std::os::unix::fs::symlink(std::process::id().to_string(), root.join("self")).unwrap();
    assert_eq!(Identity::read(&root, child.0.id()).unwrap().unwrap().id, child.id(), "the copy is exact");
    let outcome = Target::open(&root, child.id(), "x").unwrap_err();
    assert_eq!(outcome, Outcome::Refused(Refusal::NotThisMachine));
    std::fs::remove_dir_all(&root).unwrap();
}

/// What an ordinary user may not do is refused, and nothing happens.
#[test]
fn another_users_process_is_refused() {
    const NOBODY: u32 = 65534;
    let name = "safety::another_users_process_is_refused";
    if let Some(victim) = role() {
        let (pid, start) = victim.split_once(':').unwrap();
        let id = ProcessId { pid: pid.parse().unwrap(), start_ticks: start.parse().unwrap() };
        let target = open(id).unwrap();
        assert_eq!(target.subject().uid, Some(0));
        // Not CONT: within one session anybody may continue anybody, kill(2).
        for action in [TERM, KILL, STOP, nice(7), nice(-7)] {
            assert_eq!(perform(&target, action), Outcome::Refused(Refusal::NotPermitted), "{action:?}");
        }
        // Our own: less favoured is allowed, more is not.
        let own = Guard::sleeper();
        assert_eq!(perform(&own.target(), nice(19)), Outcome::Done);
        let raised = perform(&own.target(), nice(-5));
        assert_eq!(raised, Outcome::Refused(Refusal::NotPermitted));
        assert_eq!(nice_of(own.0.id()), 19);
        println!("refused all");
        return;
    }
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can start a process of another user");
        return;
    }
    // The build folder may be closed to other users.
    let program = std::env::temp_dir().join(format!("gnomon-actions-test-{}", std::process::id()));
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let victim = Guard::sleeper();
    let output = Command::new(&program)
        .args(["--exact", name, "--nocapture"])
        .env(ROLE, format!("{}:{}", victim.id().pid, victim.id().start_ticks))
        .current_dir("/")
        .uid(NOBODY)
        .gid(NOBODY)
        .output();
    std::fs::remove_file(&program).unwrap();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("refused all"), "{said}{errors}");
    assert!("RSD".contains(state(victim.0.id())));
    assert_eq!(nice_of(victim.0.id()), nice_of(std::process::id()));
}

/// Pids handed to strangers on purpose, in a pid namespace of our own: what was picked before is gone, and the
/// strangers are never touched.
#[test]
fn forced_pid_reuse_touches_no_stranger() {
    let name = "safety::forced_pid_reuse_touches_no_stranger";
    if role().is_some() {
        reuse_pids(200);
        return;
    }
    let mut unshare = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        unshare.args(["--user", "--map-root-user"]);
    }
    unshare.args(["--pid", "--fork", "--mount-proc"]);
    let probe = unshare.args(["sh", "-c", "echo 100 > /proc/sys/kernel/ns_last_pid"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: not permitted to make a pid namespace and choose pids in it");
        return;
    }
    let mut unshare = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        unshare.args(["--user", "--map-root-user"]);
    }
    unshare.args(["--pid", "--fork", "--mount-proc"]);
    let inner = myself(name, "inside");
    unshare.arg(inner.get_program()).args(inner.get_args()).env(ROLE, "inside");
    let output = unshare.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("0 strangers touched"), "{said}{errors}");
    eprintln!("{}", said.lines().find(|line| line.contains("strangers touched")).unwrap());
}

fn reuse_pids(rounds: usize) {
    let actions = [TERM, KILL, STOP, nice(19)];
    let mut in_the_same_tick = 0;
    for round in 0..rounds {
        let mut victim = Guard::sleeper();
        let id = victim.id();
        let target = victim.target();
        victim.reap();
        let stranger = next_with_pid(id.pid);
        let started = stranger.id();
        in_the_same_tick += usize::from(started == id);
        for action in actions {
            assert_eq!(perform(&target, action), Outcome::Gone, "round {round}: {action:?}");
        }
        // Picked only now, by a start time that is no longer right.
        if started != id {
            assert_eq!(open(id).unwrap_err(), Outcome::Gone);
        }
        assert!(target.has_ended());
        assert!("RSD".contains(state(id.pid)), "round {round}: a stranger was touched");
        assert_eq!(nice_of(id.pid), nice_of(1), "round {round}: a stranger was reniced");
        assert_eq!(identity(id.pid), Some(started));
    }
    println!("{rounds} pids reused, {in_the_same_tick} of them within one clock tick: 0 strangers touched");
}

/// A process that the kernel gave `pid` to.
fn next_with_pid(pid: u32) -> Guard {
    for _ in 0..1000 {
        std::fs::write("/proc/sys/kernel/ns_last_pid", (pid - 1).to_string()).unwrap();
        let child = Guard::sleeper();
        if child.0.id() == pid {
            return child;
        }
    }
    panic!("the kernel would not give out {pid} again");
}
