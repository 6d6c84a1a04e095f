//! Names that would do something to a terminal, a table or a parser.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use gnomon::names::display_name;
use serde_json::Value;

use super::{FORMATS, Scratch, Sleeper, csv, every_column, fixture, json, once, processes};

/// The names that the processes of the capture gave themselves, as they are to be shown.
fn hostile_names() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captured-6.18");
    let expected: Value = serde_json::from_slice(&fs::read(root.join("expected.json")).unwrap()).unwrap();
    let all = expected["expected"].as_array().unwrap().iter();
    let names = all.filter(|entry| entry["field"] == "comm (bytes, hex)").map(|entry| {
        let hex = entry["value"].as_str().unwrap();
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        display_name(&bytes).into_owned()
    });
    names.collect()
}

#[test]
fn hostile_names_come_out_safe_in_every_format() {
    let names = hostile_names();
    assert_eq!(names.len(), 20);
    let all = every_column();
    let words = ["--root", &fixture("captured-6.18/proc-hostile"), "--columns", &all];
    let report = json(&words);
    let found: BTreeSet<_> =
        processes(&report).iter().map(|process| process["name"].as_str().unwrap().to_owned()).collect();
    assert!(found.is_superset(&names), "{:?}", names.difference(&found));
    let (header, rows) = csv(&words);
    let name = header.iter().position(|id| id == "name").unwrap();
    let found: BTreeSet<_> = rows.iter().map(|row| row[name].clone()).collect();
    assert!(found.is_superset(&names), "{:?}", names.difference(&found));
    let text = once(&words);
    for name in &names {
        assert!(text.contains(name), "{name:?}");
    }
    for format in FORMATS {
        let report = once(&[&["--format", format], &words[..]].concat());
        for line in report.lines() {
            assert_eq!(display_name(line.as_bytes()), line, "{format}");
        }
    }
}

#[test]
fn hostile_mounts_come_out_safe() {
    let words = ["--root", &fixture("captured-6.18/mounts-hostile")];
    let report = json(&words);
    let mounts = report["system"]["file_systems"].as_array().unwrap();
    let mountinfo = fs::read(fixture("captured-6.18/mounts-hostile") + "/proc/self/mountinfo").unwrap();
    assert_eq!(mounts.len(), mountinfo.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count());
    let directories: Vec<_> = mounts.iter().map(|mount| mount["directory"].as_str().unwrap()).collect();
    assert!(directories.iter().any(|path| path.contains("\\n") || path.contains("\\x1b")), "{directories:?}");
    for mount in mounts {
        assert_eq!((&mount["total"], &mount["responding"]), (&Value::Null, &Value::Bool(true)));
    }
    for format in FORMATS {
        for line in once(&[&["--format", format], &words[..]].concat()).lines() {
            assert_eq!(display_name(line.as_bytes()), line, "{format}");
        }
    }
}

#[test]
fn a_live_process_with_a_hostile_name_is_listed() {
    let scratch = Scratch::new("hostile");
    let program = scratch.0.join(OsStr::from_bytes(b"\x1b[2J\n\xff,\"x"));
    // The kernel names a process after the last part of the path that was executed.
    std::os::unix::fs::symlink("/bin/sleep", &program).unwrap();
    let child = Sleeper(Command::new(&program).arg("60").spawn().unwrap());
    let words = ["--columns", "pid,name", "--over", "0"];
    let (_, rows) = csv(&words);
    let row = rows.iter().find(|row| row[0] == child.0.id().to_string()).unwrap();
    assert_eq!(row[1], "\\x1b[2J\\n\\xff,\"x");
    let report = json(&words);
    let row = processes(&report).iter().find(|process| process["pid"] == child.0.id()).unwrap();
    assert_eq!(row["name"], "\\x1b[2J\\n\\xff,\"x");
    assert!(once(&words).contains("\\x1b[2J\\n\\xff,\"x"));
}
