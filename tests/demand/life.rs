//! Births, deaths, new names and new parents show at the next tick.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use gnomon::sample::{Demand, Needs, Process, Sample, Sampler};
use gnomon::source::{Operation, Source};
use rustix::io::Errno;

use super::{Kept, Log, find, stat_field, wait_until};

fn live() -> Sampler {
    Sampler::new(Source::live().unwrap())
}

/// Without CPU clocks, as in a sandbox or on an old kernel.
fn without_clocks() -> Sampler {
    fn refuse(operation: &Operation<'_>, _: Option<u32>) -> Option<Errno> {
        matches!(operation, Operation::CpuClock(_)).then_some(Errno::PERM)
    }
    Log::refusing(refuse).sampler(Path::new("/"))
}

/// Everything here holds with CPU clocks and without.
fn both_ways(test: impl Fn(Sampler)) {
    test(live());
    test(without_clocks());
}

fn processes() -> Demand {
    Demand::of(Needs::PROCESSES | Needs::STATM | Needs::IO | Needs::COMMAND_LINE)
}

#[test]
fn births_and_deaths_show_at_the_next_tick() {
    both_ways(|mut sampler| {
        let demand = processes();
        sampler.tick(&demand).unwrap();
        for _ in 0..20 {
            let mut children: Vec<_> = (0..3).map(|_| Kept::sleeper()).collect();
            let sample = sampler.tick(&demand).unwrap();
            assert!(sample.processes.is_sorted_by(|a, b| a.id.pid < b.id.pid), "one row each, by pid");
            for child in &children {
                let born = find(&sample, child.pid()).expect("born before the tick");
                assert_eq!((&*born.facts.name, born.parent), ("sleep", std::process::id()));
            }
            children[1].end();
            let sample = sampler.tick(&demand).unwrap();
            assert!(find(&sample, children[1].pid()).is_none(), "dead before the tick");
            for child in [&children[0], &children[2]] {
                assert!(find(&sample, child.pid()).is_some());
            }
        }
    });
}

#[test]
fn a_zombie_is_a_row_until_it_is_waited_for() {
    both_ways(|mut sampler| {
        let mut child = Kept::sleeper();
        let demand = processes();
        let sample = sampler.tick(&demand).unwrap();
        assert_eq!(find(&sample, child.pid()).unwrap().state, b'S');
        child.kill();
        for _ in 0..3 {
            let sample = sampler.tick(&demand).unwrap();
            assert_eq!(find(&sample, child.pid()).map(|process| process.state), Some(b'Z'));
        }
        child.end();
        assert!(find(&sampler.tick(&demand).unwrap(), child.pid()).is_none());
    });
}

#[test]
fn a_process_that_executes_another_program_has_its_name_and_arguments() {
    both_ways(|mut sampler| {
        let mut child = Kept::shell("echo ready; read -r line; exec sleep 600");
        assert_eq!(child.line(), "ready");
        let demand = processes();
        let sample = sampler.tick(&demand).unwrap();
        assert_eq!(&*find(&sample, child.pid()).unwrap().facts.name, "sh");
        child.tell("go");
        wait_until("the child has executed", || child.is_asleep_as("sleep"));
        let sample = sampler.tick(&demand).unwrap();
        let facts = &find(&sample, child.pid()).unwrap().facts;
        assert_eq!((&*facts.name, facts.arguments.as_deref()), ("sleep", Some(&b"sleep\x00600\x00"[..])));
    });
}

#[test]
fn a_process_that_renames_itself_has_its_new_name() {
    both_ways(|mut sampler| {
        let mut child = Kept::shell("while read -r line; do printf %s \"$line\" >/proc/$$/comm; echo; done");
        let demand = processes();
        for name in ["one", ") R 1 (x", "three"] {
            child.tell(name);
            child.line();
            let sample = sampler.tick(&demand).unwrap();
            assert_eq!(&*find(&sample, child.pid()).unwrap().facts.name, name);
        }
    });
}

/// A shell with a sleeping child, whose pid it tells.
fn parent_and_child() -> (Kept, u32) {
    let mut parent = Kept::shell("sleep 600 >/dev/null & echo $!; read -r line");
    let child: u32 = parent.line().parse().unwrap();
    let asleep = || fs::read_to_string(format!("/proc/{child}/stat")).unwrap().contains("(sleep) S");
    wait_until("the grandchild sleeps", asleep);
    (parent, child)
}

/// An orphan that is ended with the test.
struct Orphan(u32);

impl Drop for Orphan {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_raw(self.0 as i32).unwrap();
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    }
}

#[test]
fn an_orphan_has_its_new_parent() {
    both_ways(|mut sampler| {
        let (mut parent, child) = parent_and_child();
        let _orphan = Orphan(child);
        let demand = processes();
        let sample = sampler.tick(&demand).unwrap();
        assert_eq!(find(&sample, child).unwrap().parent, parent.pid());
        parent.end();
        let adopter: u32 = stat_field(child, 4).parse().unwrap();
        assert_ne!(adopter, parent.pid());
        assert_eq!(find(&sampler.tick(&demand).unwrap(), child).unwrap().parent, adopter);
    });
}

#[test]
fn an_orphan_of_a_zombie_has_its_new_parent() {
    both_ways(|mut sampler| {
        let (mut parent, child) = parent_and_child();
        let _orphan = Orphan(child);
        let demand = processes();
        sampler.tick(&demand).unwrap();
        parent.kill();
        let adopter: u32 = stat_field(child, 4).parse().unwrap();
        assert_ne!(adopter, parent.pid());
        let sample = sampler.tick(&demand).unwrap();
        assert_eq!(find(&sample, parent.pid()).unwrap().state, b'Z');
        assert_eq!(find(&sample, child).unwrap().parent, adopter);
    });
}

/// The same row from both samplers but for the CPU time, which a clock knows in nanoseconds.
fn comparable(process: &Process) -> Process {
    Process { cpu_ns: 0, ..process.clone() }
}

#[test]
fn clocks_change_the_cost_and_not_the_result() {
    let mut children: Vec<_> = (0..5).map(|_| Kept::sleeper()).collect();
    let mut busy = Kept::shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo done; read -r line");
    assert_eq!(busy.line(), "done");
    wait_until("the shell waits", || busy.is_asleep_as("sh"));
    let (mut with, mut without) = (live(), without_clocks());
    let demand = processes();
    for round in 0..4 {
        if round == 2 {
            children.pop().unwrap().end();
            children.push(Kept::sleeper());
        }
        let (a, b) = (with.tick(&demand).unwrap(), without.tick(&demand).unwrap());
        for child in children.iter().chain([&busy]) {
            let row = |sample: &Sample| Arc::clone(find(sample, child.pid()).unwrap());
            let (a, b) = (row(&a), row(&b));
            assert_eq!(comparable(&a), comparable(&b));
            // `stat` rounds user and system time down to 10 ms, each for itself.
            assert!(a.cpu_ns.abs_diff(b.cpu_ns) <= 20_000_000, "{} and {}", a.cpu_ns, b.cpu_ns);
        }
        assert!(find(&b, busy.pid()).unwrap().cpu_ns > 0, "the shell has counted");
    }
}

/// A process whose `stat` may not be read.
static STRANGER: Mutex<Option<u32>> = Mutex::new(None);

#[test]
fn a_process_that_may_not_be_read_is_counted_until_it_ends() {
    fn refuse(operation: &Operation<'_>, pid: Option<u32>) -> Option<Errno> {
        let of_stranger = pid.is_some() && pid == *STRANGER.lock().unwrap();
        (of_stranger && *operation == Operation::Read("stat")).then_some(Errno::ACCESS)
    }
    let mut child = Kept::sleeper();
    *STRANGER.lock().unwrap() = Some(child.pid());
    let mut sampler = Log::refusing(refuse).sampler(Path::new("/"));
    let demand = processes();
    for _ in 0..3 {
        let sample = sampler.tick(&demand).unwrap();
        assert!(find(&sample, child.pid()).is_none());
        assert!(sample.unreadable.contains(&child.pid()), "not among {:?}", sample.unreadable);
    }
    child.end();
    assert!(!sampler.tick(&demand).unwrap().unreadable.contains(&child.pid()), "it is dead");
}

#[test]
fn a_process_that_may_be_read_no_more_is_a_row_no_longer() {
    fn refuse(operation: &Operation<'_>, _: Option<u32>) -> Option<Errno> {
        let refused = *operation == Operation::Read("stat") && REFUSED.load(Ordering::Relaxed);
        refused.then_some(Errno::ACCESS)
    }
    static REFUSED: AtomicBool = AtomicBool::new(false);
    let mut moving = Kept::answerer();
    let mut sampler = Log::refusing(refuse).sampler(Path::new("/"));
    let demand = processes();
    let sample = sampler.tick(&demand).unwrap();
    assert!(find(&sample, moving.pid()).is_some(), "not among {:?}", sample.unreadable);
    moving.poke();
    REFUSED.store(true, Ordering::Relaxed);
    let sample = sampler.tick(&demand).unwrap();
    assert_eq!(find(&sample, moving.pid()), None);
    assert!(sample.unreadable.contains(&moving.pid()), "not among {:?}", sample.unreadable);
    assert!(sample.unreadable.is_sorted(), "{:?}", sample.unreadable);
    let both: Vec<_> =
        sample.processes.iter().filter(|process| sample.unreadable.contains(&process.id.pid)).collect();
    assert!(both.is_empty(), "a row or a number, never both: {both:?}");
}
