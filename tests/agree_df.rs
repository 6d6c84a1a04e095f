//! File systems are as full as `df` says they are.
//!
//! Something writes to a disk at any moment, so `df` is asked before and after the sample, and a number
//! counts when it lies within what `df` saw. A number that is wrong stays outside however often it is tried.

use std::collections::HashMap;
use std::process::Command;

use gnomon::sample::{FileSystem, FileSystemWatch, Usage};
use gnomon::source::Source;

/// Rounds until a busy disk held still enough.
const ROUNDS: usize = 20;

/// What `df` says of one mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    total: u64,
    used: u64,
    available: u64,
    /// `None` where df writes a hyphen.
    percent: Option<u64>,
}

/// All mounts of `df -B1`, by directory.
fn df() -> HashMap<Vec<u8>, Line> {
    // Besides what it can read, df complains about mounts that it may not: its status says nothing here.
    let output = Command::new("df")
        .args(["-B1", "--output=size,used,avail,pcent,target"])
        .env("LC_ALL", "C")
        .output()
        .expect("df is installed");
    let lines = output.stdout.split(|byte| *byte == b'\n').skip(1);
    lines.filter(|line| !line.is_empty()).filter_map(line).collect()
}

fn line(mut rest: &[u8]) -> Option<(Vec<u8>, Line)> {
    let mut word = || {
        rest = rest.trim_ascii_start();
        let end = rest.iter().position(|byte| *byte == b' ')?;
        let word = str::from_utf8(&rest[..end]).ok()?;
        rest = &rest[end..];
        Some(word)
    };
    let mut size = || word()?.parse().ok();
    let (total, used, available) = (size()?, size()?, size()?);
    let percent = word()?.trim_end_matches('%').parse().ok();
    Some((rest.strip_prefix(b" ")?.to_vec(), Line { total, used, available, percent }))
}

/// `df` shows a control character in a name as a question mark.
fn as_df_shows(directory: &[u8]) -> Vec<u8> {
    directory.iter().map(|byte| if byte.is_ascii_control() { b'?' } else { *byte }).collect()
}

/// The last mount on a directory is the one that is seen there.
fn gnomon() -> HashMap<Vec<u8>, FileSystem> {
    let mut watch = FileSystemWatch::new(Source::live().unwrap());
    watch.wait();
    let latest = watch.latest(0).expect("a round over all mounts");
    latest.iter().map(|of| (as_df_shows(&of.directory), of.clone())).collect()
}

/// Why a mount does not agree; `None` when it does.
fn disagreement(before: Line, of: Option<&FileSystem>, after: Line) -> Option<String> {
    let Some(of) = of else { return Some("is not listed".to_owned()) };
    let Usage::Known { total, available, .. } = of.usage else { return Some(format!("is {:?}", of.usage)) };
    let Some(used) = of.usage.used() else { return Some("has more room than there is".to_owned()) };
    let within = |number: u64, a: u64, b: u64| (a.min(b)..=a.max(b)).contains(&number);
    if !within(total, before.total, after.total)
        || !within(used, before.used, after.used)
        || !within(available, before.available, after.available)
    {
        return Some(format!("{before:?}, then {total} {used} {available}, then {after:?}"));
    }
    // df rounds up.
    let percent = of.usage.used_fraction().map(|fraction| (fraction * 100.0).ceil() as u64);
    let agrees = percent == before.percent || percent == after.percent;
    (!agrees).then(|| format!("{percent:?} %, but {:?} %", before.percent))
}

#[test]
fn total_used_and_available_are_those_of_df() {
    let mut last = Vec::new();
    for _ in 0..ROUNDS {
        let (before, ours, after) = (df(), gnomon(), df());
        assert!(before.contains_key(b"/".as_slice()), "df lists no root: {before:?}");
        let both =
            before.iter().filter_map(|(directory, line)| Some((directory, *line, *after.get(directory)?)));
        last = both
            .filter_map(|(directory, before, after)| {
                let why = disagreement(before, ours.get(directory), after)?;
                Some(format!("{}: {why}", String::from_utf8_lossy(directory)))
            })
            .collect::<Vec<_>>();
        if last.is_empty() {
            return;
        }
    }
    panic!("{}", last.join("\n"));
}

#[test]
fn what_df_lists_of_disks_is_ordinary() {
    let ours = gnomon();
    let output =
        Command::new("df").args(["-B1", "--output=source,target"]).env("LC_ALL", "C").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    for line in text.lines().filter(|line| line.starts_with("/dev/")) {
        let Some((_, directory)) = line.split_once(' ') else { continue };
        let of = ours.get(directory.trim_start().as_bytes());
        assert!(of.is_some_and(|of| of.ordinary), "{line}: {of:?}");
    }
}
