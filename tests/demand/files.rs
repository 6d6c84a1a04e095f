//! Which files are opened for which need.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gnomon::columns::{self, COLUMNS};
use gnomon::sample::{Demand, Needs, Process, Sampler};

use super::{Log, Seen, wait_until};

/// What each need opens beyond the processes themselves; a new flag must say so here.
const FILES: &[(Needs, &[&str])] = &[
    (Needs::STATM, &["statm"]),
    (Needs::IO, &["io"]),
    (Needs::COMMAND_LINE, &["cmdline"]),
    (Needs::CGROUP, &["cgroup"]),
    (Needs::STATUS, &["status"]),
    (Needs::SCHEDSTAT, &["schedstat"]),
    (Needs::SMAPS_ROLLUP, &["smaps_rollup"]),
    (Needs::OOM_SCORE, &["oom_score"]),
    (Needs::OOM_SCORE_ADJ, &["oom_score_adj"]),
    (Needs::EXECUTABLE, &["exe"]),
    (Needs::WORKING_DIRECTORY, &["cwd"]),
    (Needs::LOGIN_UID, &["loginuid"]),
    (Needs::SESSION_ID, &["sessionid"]),
    (Needs::SEATS, &["run/systemd/sessions/2"]),
    (Needs::SECURITY_CONTEXT, &["attr/current"]),
    (
        Needs::NAMESPACES,
        &["ns/cgroup", "ns/ipc", "ns/mnt", "ns/net", "ns/pid", "ns/time", "ns/user", "ns/uts"],
    ),
    (Needs::WAITING_CHANNEL, &["wchan"]),
    (Needs::DESCRIPTORS, &["fd/"]),
    (Needs::IO_PRIORITY, &["ioprio_get"]),
    (Needs::IO_DELAY, &["proc/sys/kernel/task_delayacct"]),
    (Needs::CPU, &["proc/stat"]),
    (Needs::MEMORY, &["proc/meminfo"]),
    (Needs::NETWORK, &["proc/net/dev"]),
    (Needs::LOAD, &["proc/loadavg"]),
    (Needs::FILE_SYSTEMS, &["proc/self/mountinfo", "statfs"]),
    (Needs::VMSTAT, &["proc/vmstat"]),
    (Needs::SWAPS, &["proc/swaps"]),
    (Needs::DISKS, &["proc/diskstats"]),
    (Needs::UPTIME, &["proc/uptime"]),
];

/// Needs whose files hang on the machine's devices and kernel: `tests/system/faults.rs` says what they open.
const OF_DEVICES: Needs = Needs::ZRAM
    .union(Needs::PRESSURE)
    .union(Needs::LINKS)
    .union(Needs::DISK_FACTS)
    .union(Needs::CPU_FREQUENCY)
    .union(Needs::CPU_TOPOLOGY)
    .union(Needs::SENSORS)
    .union(Needs::POWER);

/// What knowing the processes takes, whatever is shown of them.
const BASE: &[&str] =
    &["proc/", "proc/loadavg", "proc/uptime", "stat", "status", "owner", "clock", "etc/passwd"];

fn captured() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captured-6.18/proc-hostile")
}

/// A captured machine with a login session.
fn laptop() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/laptop")
}

/// What the first two ticks under a demand open: the second with every process in view.
fn opened(root: &Path, needs: Needs) -> Seen {
    let log = Arc::new(Log::default());
    let mut sampler: Sampler = log.sampler(root);
    log.take();
    let first = sampler.tick(&Demand::of(needs)).unwrap();
    let in_view = first.processes.iter().map(|process| process.id).collect();
    sampler.tick(&Demand { in_view, ..Demand::of(needs) }).unwrap();
    if needs.contains(Needs::FILE_SYSTEMS) {
        wait_until("mounts are asked", || log.lock().all("proc/self/mountinfo") > 0);
        sampler.wait_for_file_systems();
    }
    log.take()
}

/// The files that `more` opened oftener than `less`.
fn difference(more: &Seen, less: &Seen) -> BTreeSet<String> {
    let oftener = more.count.iter().filter(|&(name, &count)| count > less.all(name));
    oftener.map(|(name, _)| name.clone()).collect()
}

fn files_of(needs: Needs) -> BTreeSet<String> {
    let asked = FILES.iter().filter(|(flag, _)| needs.contains(*flag));
    asked.flat_map(|(_, files)| files.iter().map(|&file| file.to_owned())).collect()
}

#[test]
fn every_need_is_listed_here_once() {
    let listed = FILES.iter().map(|(flag, _)| *flag).chain([Needs::PROCESSES, OF_DEVICES]);
    let mut all = Needs::empty();
    for flag in listed {
        assert!(!all.intersects(flag), "{flag:?} twice");
        all |= flag;
    }
    assert_eq!(all, Needs::all());
}

#[test]
fn each_need_opens_its_files_and_no_others() {
    let root = laptop();
    for (flag, _) in FILES {
        // Seats are those of sessions, which something must name.
        let with = if *flag == Needs::SEATS { Needs::CGROUP } else { Needs::empty() };
        let base = opened(&root, Needs::PROCESSES | with);
        let more = opened(&root, Needs::PROCESSES | with | *flag);
        let mut expected = files_of(*flag);
        // A captured machine's mounts are listed, but this machine is not asked about them.
        expected.remove("statfs");
        assert_eq!(difference(&more, &base), expected, "{flag:?}");
        assert_eq!(difference(&base, &more), BTreeSet::new(), "{flag:?}");
    }
}

#[test]
fn a_column_opens_what_it_needs_and_nothing_else() {
    let root = laptop();
    let base = opened(&root, Needs::PROCESSES);
    let known: BTreeMap<_, _> = base.count.keys().map(|name| (name.as_str(), ())).collect();
    assert!(known.keys().all(|name| BASE.contains(name) || *name == "cmdline"), "{known:?}");
    for column in COLUMNS {
        let seen = opened(&root, columns::needs_of([column]));
        assert_eq!(difference(&seen, &base), files_of(column.needs), "{}", column.id);
        // The other way round: a file of the process that the column names as its source is opened.
        for (flag, files) in FILES {
            for file in files.iter().filter(|file| column.source.contains(&format!("/proc/[pid]/{file} "))) {
                assert!(column.needs.contains(*flag), "{} comes from {file}", column.id);
            }
        }
    }
}

#[test]
fn without_command_lines_only_cut_names_are_completed_from_them() {
    let root = captured();
    // Without clocks each tick reads everyone's stat, but facts are due at the first sight only, and at the
    // process's turn in the rotation.
    let cut = |process: &Process| process.facts.comm.len() == 15 && !process.facts.kernel_thread;
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(&root);
    let sample = sampler.tick(&Demand::of(Needs::PROCESSES)).unwrap();
    let expected = sample.processes.iter().filter(|process| cut(process)).count();
    assert!(expected > 0);
    assert_eq!(log.take().all("cmdline") as usize, expected);
    let mut in_rotation = 0;
    for _ in 0..60 {
        sampler.tick(&Demand::of(Needs::PROCESSES)).unwrap();
        in_rotation += log.take().all("cmdline") as usize;
    }
    assert_eq!(in_rotation, expected);
}

#[test]
fn what_the_machine_needs_opens_no_process() {
    for root in [Path::new("/"), &captured()] {
        let nothing = opened(root, Needs::empty());
        assert!(nothing.count.is_empty(), "{:?}", nothing.count);
        for (flag, _) in FILES {
            // A need of the processes without the processes is none.
            let of_processes = Needs::OF_PROCESSES.contains(*flag);
            let expected = if of_processes { BTreeSet::new() } else { files_of(*flag) };
            let seen = opened(root, *flag);
            let names: BTreeSet<_> = seen.count.keys().cloned().collect();
            let missing: BTreeSet<_> = expected.difference(&names).map(String::as_str).collect();
            assert!(names.is_subset(&expected), "{flag:?}: {names:?}");
            // Only the running machine's mounts are asked.
            let allowed = root != Path::new("/") && missing == BTreeSet::from(["statfs"]);
            assert!(missing.is_empty() || allowed, "{flag:?}: not opened: {missing:?}");
        }
    }
}

#[test]
fn a_need_that_appears_is_met_at_the_next_tick_and_forgotten_when_it_goes() {
    let mut own = super::Kept::answerer();
    let log = Arc::new(Log::default());
    let mut sampler = log.sampler(Path::new("/"));
    let pid = own.pid();
    let (few, more) = (Demand::of(Needs::PROCESSES), Demand::of(Needs::PROCESSES | Needs::STATM | Needs::IO));
    let sample = sampler.tick(&few).unwrap();
    assert_eq!(super::find(&sample, pid).unwrap().io, None);
    let sample = sampler.tick(&more).unwrap();
    let process = super::find(&sample, pid).unwrap();
    assert!(process.io.is_some() && process.memory.is_some(), "of a process that did not move");
    own.poke();
    log.take();
    let sample = sampler.tick(&few).unwrap();
    let seen = log.take();
    assert_eq!((seen.all("io"), seen.all("statm")), (0, 0));
    // It moved, and what it read by then is not known: nothing stale is shown.
    assert_eq!(super::find(&sample, pid).unwrap().io, None);
}
