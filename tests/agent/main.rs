//! The built `gnomon-agent`, as a script or a person runs it.

mod hostile;
mod refusals;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};

use gnomon::columns::COLUMNS;
use gnomon::kernel::pid_statm;
use gnomon::units::Unit;
use serde_json::Value;

const FORMATS: [&str; 3] = ["text", "json", "csv"];

fn agent() -> Command {
    Command::new(env!("CARGO_BIN_EXE_gnomon-agent"))
}

fn run<W: AsRef<OsStr>>(words: &[W]) -> Output {
    agent().args(words).output().unwrap()
}

/// Runs `gnomon-agent once WORDS`, which must succeed without a word on standard error.
fn once(words: &[&str]) -> String {
    let output = agent().arg("once").args(words).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{words:?}: {}: {errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&once(&[&["--format", "json"], words].concat())).unwrap()
}

/// The header and the records of a CSV report.
fn csv(words: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let text = once(&[&["--format", "csv"], words].concat());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = owned(reader.headers().unwrap());
    (header, reader.records().map(|record| owned(&record.unwrap())).collect())
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    assert!(path.join("proc").is_dir(), "{}", path.display());
    path.into_os_string().into_string().unwrap()
}

/// All column ids, separated by commas.
fn every_column() -> String {
    COLUMNS.iter().map(|column| column.id).collect::<Vec<_>>().join(",")
}

/// A directory of this test alone, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gnomon-agent-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A sleeping child, ended with the test.
struct Sleeper(Child);

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn processes(report: &Value) -> &Vec<Value> {
    report["processes"].as_array().unwrap()
}

#[test]
fn json_is_one_object_of_the_documented_shape() {
    let text = once(&["--format", "json", "--over", "0.05"]);
    assert_eq!(text.lines().count(), 1);
    let report: Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["schema", "time", "elapsed", "system", "processes"]);
    assert_eq!(report["schema"], 1);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    let age = now - report["time"].as_f64().unwrap();
    assert!((-1.0..60.0).contains(&age), "taken {age} s ago");
    assert!(report["elapsed"].as_f64().unwrap() >= 0.05);
    let by_default: Vec<_> =
        COLUMNS.iter().filter(|column| column.by_default).map(|column| column.id).collect();
    for process in processes(&report) {
        assert_eq!(process.as_object().unwrap().keys().collect::<Vec<_>>(), by_default);
    }
    let system = &report["system"];
    assert_eq!(system["kernel"], fs::read_to_string("/proc/sys/kernel/osrelease").unwrap().trim());
    assert_eq!(system["boot_id"], fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap().trim());
    let cpus = system["cpus"].as_u64().unwrap();
    assert_eq!(cpus as usize, system["stat"]["cpus"].as_array().unwrap().len());
    assert!((0.0..=1.0).contains(&system["cpu"]["busy"].as_f64().unwrap()));
    assert!(system["memory"]["total_bytes"].as_u64().unwrap() > 1 << 20);
    assert!(!system["file_systems"].as_array().unwrap().is_empty());
}

#[test]
fn values_have_the_kind_that_their_unit_promises() {
    let report = json(&["--columns", &every_column(), "--over", "0.05"]);
    for process in processes(&report) {
        for column in COLUMNS {
            let value = &process[column.id];
            match column.unit {
                _ if value.is_null() => {}
                Unit::Text => assert!(value.is_string(), "{}: {value}", column.id),
                _ => assert!(value.is_number(), "{}: {value}", column.id),
            }
        }
    }
    for column in COLUMNS.iter().filter(|column| column.by_default) {
        let known = processes(&report).iter().any(|process| !process[column.id].is_null());
        assert!(known, "{} is unknown of everyone", column.id);
    }
}

#[test]
fn numbers_are_raw_and_rates_need_two_looks() {
    let child = Sleeper(Command::new("sleep").arg("60").spawn().unwrap());
    let pid = child.0.id();
    // The child has executed its program when it sleeps in it.
    let statm = || fs::read(format!("/proc/{pid}/statm")).unwrap();
    let asleep = || fs::read_to_string(format!("/proc/{pid}/stat")).unwrap().contains("(sleep) S");
    while !asleep() {
        std::thread::yield_now();
    }
    let before = pid_statm::parse(&statm()).unwrap();
    let report = json(&["--over", "0"]);
    assert_eq!(pid_statm::parse(&statm()).unwrap(), before, "the child has moved");
    let row = processes(&report).iter().find(|process| process["pid"] == pid).unwrap();
    assert_eq!(row["name"], "sleep");
    let page = rustix::param::page_size() as u64;
    assert_eq!(row["memory"], (before.resident_pages - before.shared_pages) * page);
    assert_eq!(report["elapsed"], Value::Null);
    assert_eq!(report["system"]["cpu"], Value::Null);
    for rate in ["cpu", "disk_read", "disk_write"] {
        assert_eq!(row[rate], Value::Null, "{rate} of one look");
    }
    let report = json(&["--over", "0.05"]);
    let row = processes(&report).iter().find(|process| process["pid"] == pid).unwrap();
    for rate in ["cpu", "disk_read", "disk_write"] {
        assert_eq!(row[rate], 0.0, "{rate} of a sleeper over two looks");
    }
}

#[test]
fn the_share_of_the_machine_counts_its_cpus_in_every_format() {
    let mut busy = Sleeper(Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap());
    let pid = busy.0.id().to_string();
    let (_, rows) = csv(&["--columns", "pid,cpu", "--over", "0.3"]);
    busy.0.kill().unwrap();
    let share: f64 = rows.iter().find(|row| row[0] == pid).unwrap()[1].parse().unwrap();
    let stat = fs::read("/proc/stat").unwrap();
    let cpus = gnomon::kernel::stat::parse(&stat).cpus.len() as f64;
    // One thread cannot use more than one CPU, so it has at most this part of the machine.
    assert!(share > 0.0 && share <= 1.02 / cpus, "{share} of {cpus} CPUs");
}

#[test]
fn every_column_can_be_asked_for_in_every_format() {
    let root = fixture("captured-6.18/proc-hostile");
    for column in COLUMNS {
        let words = ["--root", &root, "--columns", column.id, "--sort", column.id];
        let report = json(&words);
        assert_eq!(processes(&report)[0].as_object().unwrap().keys().collect::<Vec<_>>(), [column.id]);
        let (header, rows) = csv(&words);
        assert_eq!((header, rows.len()), (vec![column.id.to_owned()], 41));
        let text = once(&words);
        let (_, table) = text.split_once("\n\n").unwrap();
        assert_eq!(table.lines().next().unwrap().trim(), column.title);
        assert_eq!(table.lines().count(), 42, "{text}");
    }
    let (header, _) = csv(&["--root", &root, "--columns", "pid,name", "--columns", "user"]);
    assert_eq!(header, ["pid", "name", "user"]);
    let help = String::from_utf8(run(&["once", "--help"]).stdout).unwrap();
    for column in COLUMNS {
        assert!(help.contains(column.id) && help.contains(column.description), "{}: {help}", column.id);
    }
}

#[test]
fn rows_stand_in_the_order_that_was_asked_for() {
    let root = fixture("captured-6.18/proc-hostile");
    let numbers = |sort: &str, id: &str| {
        let report = json(&["--root", &root, "--columns", "pid,memory", "--sort", sort]);
        processes(&report).iter().map(|process| process[id].as_u64()).collect::<Vec<_>>()
    };
    let ascending = numbers("pid", "pid");
    assert!(ascending.is_sorted() && ascending.len() == 41);
    assert_eq!(numbers("-pid", "pid"), ascending.iter().rev().copied().collect::<Vec<_>>());
    for (sort, largest_first) in [("memory", false), ("-memory", true)] {
        let memory = numbers(sort, "memory");
        let known: Vec<_> = memory.iter().flatten().copied().collect();
        assert!(known.len() < memory.len() && known.len() > 30, "both known and unknown: {memory:?}");
        assert!(memory[known.len()..].iter().all(Option::is_none), "unknown is last: {memory:?}");
        assert!(if largest_first { known.is_sorted_by(|a, b| a >= b) } else { known.is_sorted() });
    }
    // What is equal (nothing has a rate here) stays ordered by pid.
    assert_eq!(numbers("-cpu", "pid"), ascending);
}

#[test]
fn an_order_by_a_column_that_is_not_shown_reads_what_it_needs() {
    let root = fixture("captured-6.18/proc-hostile");
    let pids = |columns: &str| {
        let (_, rows) = csv(&["--root", &root, "--sort", "-memory", "--columns", columns]);
        rows.into_iter().map(|row| row[0].clone()).collect::<Vec<_>>()
    };
    assert_eq!(pids("pid"), pids("pid,memory"));
    assert!(!pids("pid").is_sorted_by_key(|pid| pid.parse::<u32>().unwrap()));
}

#[test]
fn a_captured_machine_without_processes_shows_its_system() {
    let words = ["--root", &fixture("captured-6.18/system")];
    let report = json(&words);
    assert_eq!(processes(&report).len(), 0);
    let system = &report["system"];
    assert_eq!(
        (&system["cpus"], &system["memory"]["total_bytes"]),
        (&2.into(), &(24_684_100_u64 * 1024).into())
    );
    assert_eq!(system["network"][3]["name"], "eth0");
    assert_eq!(system["network"][3]["received_bytes"], 514_385_809);
    assert_eq!(system["network"][3]["received"], Value::Null);
    assert_eq!((&system["host"], &system["load"]["last_pid"]), (&Value::Null, &6525.into()));
    let text = once(&words);
    for line in ["CPU        — of 2 CPUs", "Processes  0", "Network    eth0: — received, — sent"] {
        assert!(text.lines().any(|found| found == line), "{line:?} is not in {text}");
    }
}
