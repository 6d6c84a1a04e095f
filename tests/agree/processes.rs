//! `ps`, and the crates sysinfo and procfs: the list of processes and what is said of each.
//!
//! One sampler goes through all rounds, so what it remembers of sleepers is compared too.

use std::collections::BTreeMap;
use std::sync::Arc;

use gnomon::columns::{COLUMNS, Column, Row, Value, View};
use gnomon::sample::{Demand, Needs, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::Source;

use super::{Ledger, ROUNDS, output_of};

fn live() -> Sampler {
    Sampler::new(Source::live().unwrap())
}

fn snapshot(sampler: &mut Sampler) -> Snapshot {
    let needs =
        COLUMNS.iter().fold(Needs::PROCESSES | Needs::STATM | Needs::IO, |all, column| all | column.needs);
    Snapshot::new(None, Arc::new(sampler.tick(&Demand::of(needs)).unwrap()))
}

/// The words that another says of each process, by pid and in one order.
type Others = BTreeMap<u32, Vec<String>>;

/// Compares what both readings know with our rows. Numbers may lie between, words are the same.
fn compare(
    ledger: &mut Ledger,
    names: &[&str],
    before: &Others,
    now: &Snapshot,
    after: &Others,
    ours: impl Fn(&Row<'_>) -> Vec<String>,
) {
    let rows: BTreeMap<_, _> =
        now.rows(View::default()).map(|row| (row.process.id.pid, ours(&row))).collect();
    for (pid, before) in before {
        let Some(after) = after.get(pid) else { continue };
        // A pid that both readings have was there in between.
        ledger.compare(format!("row of {pid}"), &true, &rows.contains_key(pid), &true);
        let Some(row) = rows.get(pid) else { continue };
        for (((name, before), ours), after) in names.iter().zip(before).zip(row).zip(after) {
            let name = format!("{name} of {pid}");
            match (before.parse::<i64>(), ours.parse::<i64>(), after.parse::<i64>()) {
                (Ok(before), Ok(ours), Ok(after)) => ledger.compare(name, &before, &ours, &after),
                // A word that changed says nothing about what it was in between.
                _ if before == after => ledger.compare(name, before, ours, after),
                _ => {}
            }
        }
    }
    let strangers = rows.keys().filter(|pid| !before.contains_key(pid) && !after.contains_key(pid));
    for pid in strangers {
        ledger.compare(format!("stranger {pid}"), &false, &true, &false);
    }
}

fn text(row: &Row<'_>, column: &str) -> String {
    match (Column::by_id(column).unwrap().value)(row) {
        Value::Text(text) => text.into_owned(),
        Value::Count(number) => number.to_string(),
        other => panic!("{column}: {other:?}"),
    }
}

fn resident_kib(row: &Row<'_>) -> u64 {
    // Kernel threads have no memory of their own; ps shows 0.
    let pages = row.process.memory.map_or(0, |memory| memory.resident_pages);
    pages * row.snapshot.sample.machine.page_bytes / 1024
}

fn ps() -> Others {
    let text = output_of("ps", &["-eo", "pid,ppid,nlwp,ni,user:40,rss,stat", "--no-headers"]);
    let line = |line: &str| {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        let [pid, rest @ .., stat] = words.as_slice() else { panic!("{line}") };
        let state = stat.chars().next().unwrap().to_string();
        (pid.parse().unwrap(), rest.iter().cloned().chain([state]).collect())
    };
    text.lines().map(line).collect()
}

#[test]
fn processes_agree_with_ps() {
    let mut sampler = live();
    let mut ledger = Ledger::default();
    for _ in 0..ROUNDS {
        let before = ps();
        let now = snapshot(&mut sampler);
        let mut after = ps();
        // Real-time threads have no nice value for ps; the kernel has one all the same.
        after.retain(|_, words| words[2] != "-");
        compare(&mut ledger, &["ppid", "nlwp", "ni", "user", "rss", "stat"], &before, &now, &after, |row| {
            let process = row.process;
            vec![
                process.parent.to_string(),
                process.threads.to_string(),
                process.nice.to_string(),
                text(row, "user"),
                resident_kib(row).to_string(),
                char::from(process.state).to_string(),
            ]
        });
    }
    ledger.close(7 * 3);
}

#[test]
fn processes_agree_with_sysinfo() {
    let theirs = || -> Others {
        let mut system = sysinfo::System::new().unwrap();
        system.refresh_processes(sysinfo::ProcessesToUpdate::All, true);
        let leaders = system
            .processes()
            .values()
            .filter(|process| process.thread_kind().is_none_or(|kind| kind == sysinfo::ThreadKind::Kernel));
        leaders
            .map(|process| {
                let words = vec![
                    process.parent().map_or(0, sysinfo::Pid::as_u32).to_string(),
                    (process.memory() / 1024).to_string(),
                    process.accumulated_cpu_time().to_string(),
                    process.disk_usage().total_read_bytes.to_string(),
                    process.disk_usage().total_written_bytes.to_string(),
                ];
                (process.pid().as_u32(), words)
            })
            .collect()
    };
    let names = ["parent", "memory", "CPU time", "read", "written"];
    let mut sampler = live();
    let mut ledger = Ledger::default();
    for _ in 0..ROUNDS {
        let before = theirs();
        let now = snapshot(&mut sampler);
        let after = theirs();
        compare(&mut ledger, &names, &before, &now, &after, |row| {
            let process = row.process;
            let per_second = row.snapshot.sample.machine.clock_ticks;
            vec![
                process.parent.to_string(),
                resident_kib(row).to_string(),
                ((process.user_ticks + process.system_ticks) * 1000 / per_second).to_string(),
                process.io.and_then(|io| io.read_bytes).unwrap_or(0).to_string(),
                process.io.and_then(|io| io.write_bytes).unwrap_or(0).to_string(),
            ]
        });
    }
    ledger.close(6 * 3);
}

#[test]
fn processes_agree_with_procfs() {
    let theirs = || -> Others {
        let words = |process: procfs::process::Process| {
            let (stat, statm) = (process.stat().ok()?, process.statm().ok()?);
            let io = process.io().ok();
            let words = vec![
                stat.ppid.to_string(),
                stat.state.to_string(),
                stat.nice.to_string(),
                stat.priority.to_string(),
                stat.num_threads.to_string(),
                stat.utime.to_string(),
                stat.stime.to_string(),
                stat.minflt.to_string(),
                stat.majflt.to_string(),
                stat.starttime.to_string(),
                stat.vsize.to_string(),
                stat.flags.to_string(),
                (statm.resident - statm.shared).to_string(),
                io.map_or("none".to_owned(), |io| io.read_bytes.to_string()),
                process.uid().ok()?.to_string(),
            ];
            Some((process.pid as u32, words))
        };
        procfs::process::all_processes().unwrap().flatten().filter_map(words).collect()
    };
    let names = [
        "parent",
        "state",
        "nice",
        "priority",
        "threads",
        "user",
        "system",
        "minor faults",
        "major faults",
        "start",
        "virtual",
        "kernel thread",
        "own memory",
        "read",
        "uid",
    ];
    let with_flag = |mut others: Others| {
        for words in others.values_mut() {
            let flags: u64 = words[11].parse().unwrap();
            words[11] = (flags & 0x0020_0000 != 0).to_string();
        }
        others
    };
    let mut sampler = live();
    let mut ledger = Ledger::default();
    for _ in 0..ROUNDS {
        let before = with_flag(theirs());
        let now = snapshot(&mut sampler);
        let after = with_flag(theirs());
        compare(&mut ledger, &names, &before, &now, &after, |row| {
            let process = row.process;
            let own = process.memory.map_or(0, |memory| memory.resident_pages - memory.shared_pages);
            vec![
                process.parent.to_string(),
                char::from(process.state).to_string(),
                process.nice.to_string(),
                process.priority.to_string(),
                process.threads.to_string(),
                process.user_ticks.to_string(),
                process.system_ticks.to_string(),
                process.minor_faults.to_string(),
                process.major_faults.to_string(),
                process.id.start_ticks.to_string(),
                process.virtual_bytes.unwrap().to_string(),
                process.facts.kernel_thread.to_string(),
                own.to_string(),
                process.io.and_then(|io| io.read_bytes).map_or("none".to_owned(), |bytes| bytes.to_string()),
                process.facts.uid.unwrap().to_string(),
            ]
        });
    }
    ledger.close(16 * 3);
}
