//! Sleepers are left alone, but for their turn in the rotation.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gnomon::sample::{Demand, Needs, Sample};
use rustix::io::Errno;
use rustix::process::{Pid, setpriority_process};

use super::{Kept, Log, find, stat_field};
use gnomon::source::Operation;

/// Each process is read afresh once in so many ticks.
const ROTATION: u32 = 60;

/// Between two full listings everything stands still that does not move by itself.
const FULL_LISTING_NS: u64 = 30_000_000_000;

const NEEDS: Needs = Needs::PROCESSES.union(Needs::STATM).union(Needs::IO).union(Needs::CGROUP);

#[test]
fn a_sleeper_is_read_once_in_a_whole_rotation() {
    let children: Vec<_> = (0..70).map(|_| Kept::sleeper()).collect();
    // A full listing (every half minute, and when the pids begin anew) reads everything again.
    for _ in 0..5 {
        if rotation_of(&children) {
            return;
        }
    }
    panic!("a full listing in each of five rotations");
}

/// Watches a whole rotation; `false` when a full listing fell into it, so that it says nothing.
fn rotation_of(children: &[Kept]) -> bool {
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(Path::new("/"));
    let demand = Demand::of(NEEDS | Needs::LOAD);
    let last_pid = |sample: &Sample| sample.system.load.unwrap().last_pid.unwrap();
    let first = sampler.tick(&demand).unwrap();
    let mut newest = last_pid(&first);
    log.take();
    let mut reads: BTreeMap<u32, BTreeMap<String, u32>> = BTreeMap::new();
    for _ in 0..ROTATION {
        let sample = sampler.tick(&demand).unwrap();
        let elapsed_ns = sample.time.monotonic_ns - first.time.monotonic_ns;
        if elapsed_ns >= FULL_LISTING_NS || last_pid(&sample) < newest {
            return false;
        }
        newest = last_pid(&sample);
        let seen = log.take();
        let mut in_this_tick = 0;
        for child in children {
            let files = seen.of.get(&child.pid()).expect("its clock is asked for at each tick");
            assert_eq!(files.get("clock"), Some(&1));
            in_this_tick += u32::from(files.contains_key("stat"));
            for (file, count) in files {
                *reads.entry(child.pid()).or_default().entry(file.clone()).or_default() += count;
            }
        }
        // The pids of 70 children, born one after another, do not all fall to one tick.
        assert!(in_this_tick <= children.len() as u32 / 4, "{in_this_tick} sleepers in a tick");
    }
    for (pid, files) in reads {
        for file in ["stat", "statm", "io", "cgroup", "owner"] {
            assert_eq!(files.get(file), Some(&1), "{file} of {pid} in a rotation: {files:?}");
        }
    }
    true
}

#[test]
fn what_is_done_to_a_sleeper_shows_within_a_rotation_and_at_once_in_view() {
    let child = Kept::sleeper();
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(Path::new("/"));
    let mut demand = Demand::of(Needs::PROCESSES);
    let sample = sampler.tick(&demand).unwrap();
    let id = find(&sample, child.pid()).unwrap().id;
    let nice: i32 = stat_field(child.pid(), 19).parse().unwrap();
    assert_eq!(find(&sample, child.pid()).unwrap().nice, nice);

    let renice = |nice| setpriority_process(Pid::from_raw(child.pid() as i32), nice).unwrap();
    renice(15);
    let ticks = (1..=ROTATION).find(|_| {
        let sample = sampler.tick(&demand).unwrap();
        find(&sample, child.pid()).unwrap().nice == 15
    });
    assert!(ticks.is_some(), "not seen in a whole rotation");

    demand.in_view = vec![id];
    for nice in 16..=19 {
        renice(nice);
        let sample = sampler.tick(&demand).unwrap();
        assert_eq!(find(&sample, child.pid()).unwrap().nice, nice);
    }
}

#[test]
fn a_refused_file_is_asked_for_again_only_at_its_turn() {
    fn refuse(operation: &Operation<'_>, _: Option<u32>) -> Option<Errno> {
        (*operation == Operation::Read("io")).then_some(Errno::ACCESS)
    }
    let mut child = Kept::answerer();
    let log = Log::refusing(refuse);
    let mut sampler = log.sampler(Path::new("/"));
    let demand = Demand::of(NEEDS);
    let first = sampler.tick(&demand).unwrap();
    assert_eq!(log.take().one(child.pid(), "io"), 1);
    let (mut stat, mut io, mut moved) = (0, 0, 0);
    let mut cpu_ns = find(&first, child.pid()).unwrap().cpu_ns;
    for _ in 0..ROTATION {
        child.poke();
        let sample = sampler.tick(&demand).unwrap();
        let seen = log.take();
        stat += seen.one(child.pid(), "stat");
        io += seen.one(child.pid(), "io");
        let process = find(&sample, child.pid()).unwrap();
        assert_eq!(process.io, None);
        assert!(process.memory.is_some(), "what is not refused is there");
        moved += u32::from(process.cpu_ns != cpu_ns);
        cpu_ns = process.cpu_ns;
    }
    // The kernel now and then charges nothing for a run this short; then only its turn makes it read.
    assert!(moved > ROTATION / 2, "the child moved in {moved} ticks only");
    assert!(stat == moved || stat == moved + 1, "read {stat} times, moved {moved} times");
    assert_eq!(io, 1);
}
