//! What takes the kernel long is read for rows in view, and for the others in turn.

use std::path::Path;
use std::sync::Arc;

use gnomon::columns::{COLUMNS, needs_of};
use gnomon::sample::{Demand, Needs};
use gnomon::source::Operation;
use rustix::io::Errno;

use super::{Kept, Log, find};

const ROTATION: u32 = 60;
const FILES: [&str; 3] = ["smaps_rollup", "ns/mnt", "fd/"];

#[test]
fn out_of_view_costly_files_are_read_once_in_a_rotation_however_busy_the_process_is() {
    let mut child = Kept::answerer();
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(Path::new("/"));
    let demand = Demand::of(Needs::PROCESSES | Needs::COSTLY);
    let first = sampler.tick(&demand).unwrap();
    assert_eq!(find(&first, child.pid()).unwrap().details, None, "not read yet, so not known");
    log.take();
    let mut counts = [0; 3];
    let mut known = 0;
    for _ in 0..ROTATION {
        child.poke();
        let sample = sampler.tick(&demand).unwrap();
        let seen = log.take();
        for (count, file) in counts.iter_mut().zip(FILES) {
            *count += seen.one(child.pid(), file);
        }
        let details = find(&sample, child.pid()).unwrap().details.clone();
        assert!(known == 0 || details.is_some(), "what was read at its turn stays until the next");
        known += u32::from(details.is_some_and(|all| all.rollup.is_some() && all.descriptors.is_some()));
    }
    assert_eq!(counts, [1; 3]);
    assert!(known > 0);
}

#[test]
fn in_view_costly_files_are_read_at_each_tick() {
    let child = Kept::sleeper();
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(Path::new("/"));
    let mut demand = Demand::of(Needs::PROCESSES | Needs::COSTLY);
    let sample = sampler.tick(&demand).unwrap();
    demand.in_view = vec![find(&sample, child.pid()).unwrap().id];
    for _ in 0..3 {
        log.take();
        let sample = sampler.tick(&demand).unwrap();
        let seen = log.take();
        assert_eq!(FILES.map(|file| seen.one(child.pid(), file)), [1; 3]);
        let details = find(&sample, child.pid()).unwrap().details.clone().unwrap();
        assert!(details.rollup.unwrap().pss_bytes.unwrap() > 0);
        // Input, output and error.
        assert!(details.descriptors.unwrap() >= 3);
        assert!(details.namespaces.is_some());
    }
}

#[test]
fn a_program_that_takes_one_sample_has_all_of_them() {
    let child = Kept::sleeper();
    let log = Arc::new(Log::default());
    let sample = log.sampler(Path::new("/")).tick(&Demand::of_all(Needs::PROCESSES | Needs::COSTLY)).unwrap();
    let details = find(&sample, child.pid()).unwrap().details.clone().unwrap();
    assert!(details.rollup.is_some() && details.descriptors.is_some() && details.namespaces.is_some());
}

#[test]
fn who_did_not_move_is_the_same_row_and_costs_no_memory() {
    let child = Kept::sleeper();
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(Path::new("/"));
    // What others do changes its share of a library's pages and its OOM score.
    let of_others = Needs::SMAPS_ROLLUP | Needs::OOM_SCORE;
    let demand = Demand::of_all(needs_of(COLUMNS) - of_others);
    let sample = sampler.tick(&demand).unwrap();
    let before = find(&sample, child.pid()).unwrap();
    assert!(before.details.is_some() && before.facts.rare.is_some());
    for _ in 0..ROTATION {
        let sample = sampler.tick(&demand).unwrap();
        assert!(Arc::ptr_eq(find(&sample, child.pid()).unwrap(), before));
    }
}

#[test]
fn details_that_say_the_same_are_shared() {
    let mut child = Kept::answerer();
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(Path::new("/"));
    let demand = Demand::of(Needs::PROCESSES | Needs::OOM_SCORE_ADJ | Needs::WORKING_DIRECTORY);
    let before = Arc::clone(find(&sampler.tick(&demand).unwrap(), child.pid()).unwrap());
    child.poke();
    let now = Arc::clone(find(&sampler.tick(&demand).unwrap(), child.pid()).unwrap());
    assert_ne!(now.cpu_ns, before.cpu_ns);
    assert!(Arc::ptr_eq(now.details.as_ref().unwrap(), before.details.as_ref().unwrap()));
    assert!(Arc::ptr_eq(&now.facts, &before.facts));
}

#[test]
fn each_refusal_is_remembered_until_the_turn() {
    fn refuse(operation: &Operation<'_>, _: Option<u32>) -> Option<Errno> {
        let refused = matches!(
            operation,
            Operation::Link("cwd" | "ns/cgroup") | Operation::Read("smaps_rollup") | Operation::List("fd")
        );
        refused.then_some(Errno::ACCESS)
    }
    let mut child = Kept::answerer();
    let log = Log::refusing(refuse);
    let mut sampler = log.sampler(Path::new("/"));
    let mut demand = Demand::of(Needs::PROCESSES | Needs::COSTLY | Needs::WORKING_DIRECTORY | Needs::STATUS);
    let first = sampler.tick(&demand).unwrap();
    demand.in_view = vec![find(&first, child.pid()).unwrap().id];
    // In view for the first time: all are asked for once.
    sampler.tick(&demand).unwrap();
    log.take();
    let mut counts = [0; 5];
    for _ in 0..ROTATION {
        child.poke();
        let sample = sampler.tick(&demand).unwrap();
        let seen = log.take();
        for (count, file) in counts.iter_mut().zip(["cwd", "ns/cgroup", "smaps_rollup", "fd/", "status"]) {
            *count += seen.one(child.pid(), file);
        }
        let details = find(&sample, child.pid()).unwrap().details.clone().unwrap();
        assert!(details.status.is_some(), "what is not refused is there");
        assert!(details.working_directory.is_none() && details.rollup.is_none());
    }
    assert_eq!(counts, [1, 1, 1, 1, ROTATION]);
}

#[test]
fn who_runs_is_not_asked_where_it_sleeps() {
    let laptop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/laptop");
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(&laptop);
    let sample = sampler.tick(&Demand::of(Needs::PROCESSES | Needs::WAITING_CHANNEL)).unwrap();
    let running = sample.processes.iter().filter(|process| process.state == b'R').count();
    assert_eq!(running, 1);
    assert_eq!(log.take().all("wchan") as usize, sample.processes.len() - running);
}
