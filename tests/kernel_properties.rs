//! What holds for every parser of kernel files. A new parser is one line in [`PARSERS`].
//!
//! A parser's result is flattened to facts, a path and a value each ("`cpus[0].times.idle`" is 7), so that
//! "only that value is lost" can be said of all of them alike: what a line or a column tells is lost with it,
//! and nothing else is lost or changed.

use std::collections::BTreeMap;

use gnomon::kernel::{
    ParseError, attr_current, cpu_list, cpuinfo, diskstats, key_value, loadavg, meminfo, mountinfo, net_dev,
    number, passwd, pid_cgroup, pid_cmdline, pid_io, pid_limits, pid_ns_link, pid_schedstat, pid_smaps,
    pid_stat, pid_statm, pid_status, pid_wchan, pressure, stat, swaps, sysfs, uptime, vmstat, zram_mm_stat,
};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// How a file is built, and so which property it has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Each line stands for itself, in any order; the first so many columns name what the line is about.
    Lines { key_columns: usize },
    /// One line of numbers at fixed places, each optional.
    Columns,
    /// Sections, or places that the file cannot do without: it must only never panic.
    Other,
}

struct Parser {
    name: &'static str,
    shape: Shape,
    sample: &'static [u8],
    parse: fn(&[u8]) -> Value,
}

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("fixtures/captured-6.18/", $path))
    };
}

const BY_NAME: Shape = Shape::Lines { key_columns: 1 };

#[rustfmt::skip]
const PARSERS: &[Parser] = &[
    Parser { name: "pid_stat", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6494/stat"), parse: |b| fallible(pid_stat::parse(b)) },
    Parser { name: "pid_statm", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6494/statm"), parse: |b| fallible(pid_statm::parse(b)) },
    Parser { name: "pid_status", shape: BY_NAME, sample: fixture!("proc-hostile/proc/6494/status"), parse: |b| value(pid_status::parse(b)) },
    Parser { name: "pid_io", shape: BY_NAME, sample: fixture!("proc-hostile/proc/6494/io"), parse: |b| value(pid_io::parse(b)) },
    Parser { name: "pid_cmdline", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6512/cmdline"), parse: |b| value(pid_cmdline::arguments(b).collect::<Vec<_>>()) },
    Parser { name: "pid_cmdline::joined", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6512/cmdline"), parse: |b| value(pid_cmdline::joined(b)) },
    Parser { name: "pid_cgroup", shape: BY_NAME, sample: b"4:cpu:/a\n1:name=systemd:/b\n0::/c\n", parse: |b| value(pid_cgroup::entries(b).collect::<Vec<_>>()) },
    Parser { name: "pid_cgroup::unified", shape: Shape::Other, sample: b"4:cpu:/a\n1:name=systemd:/b\n0::/\n", parse: |b| value(pid_cgroup::unified(b)) },
    Parser { name: "pid_cgroup::describe", shape: Shape::Other, sample: br"/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.a\x2db-1.scope", parse: |b| value(pid_cgroup::describe(b)) },
    Parser { name: "pid_schedstat", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6494/schedstat"), parse: |b| fallible(pid_schedstat::parse(b)) },
    Parser { name: "pid_smaps", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6494/smaps_rollup"), parse: |b| value(pid_smaps::areas(b).map(|area| (area, area.path().into_owned())).collect::<Vec<_>>()) },
    Parser { name: "pid_limits", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6494/limits"), parse: |b| value(pid_limits::parse(b).collect::<Vec<_>>()) },
    Parser { name: "pid_ns_link", shape: Shape::Other, sample: b"mnt:[4026531840]", parse: |b| fallible(pid_ns_link::parse(b)) },
    Parser { name: "pid_wchan", shape: Shape::Other, sample: fixture!("proc-hostile/proc/6494/wchan"), parse: |b| value(pid_wchan::parse(b)) },
    Parser { name: "attr_current", shape: Shape::Other, sample: b"firefox (enforce)\n", parse: |b| value(attr_current::parse(b)) },
    Parser { name: "number", shape: Shape::Other, sample: b"-1000\n", parse: |b| value((number::unsigned::<u32>(b).ok(), number::signed::<i16>(b).ok())) },
    Parser { name: "stat", shape: BY_NAME, sample: fixture!("system/proc/stat"), parse: |b| value(stat::parse(b)) },
    Parser { name: "loadavg", shape: Shape::Columns, sample: fixture!("system/proc/loadavg"), parse: |b| value(loadavg::parse(b)) },
    Parser { name: "uptime", shape: Shape::Columns, sample: fixture!("system/proc/uptime"), parse: |b| value(uptime::parse(b)) },
    Parser { name: "meminfo", shape: BY_NAME, sample: fixture!("system/proc/meminfo"), parse: |b| value(meminfo::parse(b)) },
    Parser { name: "vmstat", shape: BY_NAME, sample: b"pgpgin 1\npgpgout 2\nallocstall_dma 0\npgfault 3\nworkingset_refault_file 4\n", parse: |b| value(vmstat::parse(b)) },
    Parser { name: "swaps", shape: Shape::Lines { key_columns: 2 }, sample: b"Filename Type Size Used Priority\n/dev/zram0 partition 8 4 100\n/swap file 9 5 -2\n", parse: |b| value(swaps::parse(b)) },
    Parser { name: "zram_mm_stat", shape: Shape::Columns, sample: b"1 2 3 4 5 6 7 8 9\n", parse: |b| value(zram_mm_stat::parse(b)) },
    Parser { name: "pressure", shape: BY_NAME, sample: fixture!("system/proc/pressure/io"), parse: |b| value(pressure::parse(b)) },
    Parser { name: "net_dev", shape: BY_NAME, sample: fixture!("system/proc/net/dev"), parse: |b| value(net_dev::parse(b)) },
    Parser { name: "diskstats", shape: Shape::Lines { key_columns: 3 }, sample: fixture!("system/proc/diskstats"), parse: |b| value(diskstats::parse(b)) },
    Parser { name: "diskstats::parse_one", shape: Shape::Columns, sample: b"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n", parse: |b| value(diskstats::parse_one(b)) },
    Parser { name: "cpuinfo", shape: Shape::Other, sample: fixture!("system/proc/cpuinfo"), parse: |b| value(cpuinfo::parse(b)) },
    Parser { name: "mountinfo", shape: Shape::Lines { key_columns: 1 }, sample: fixture!("mounts-hostile/proc/self/mountinfo"), parse: |b| value(mountinfo::parse(b).collect::<Vec<_>>()) },
    Parser { name: "cpu_list", shape: Shape::Other, sample: b"0-3,8,10-11\n", parse: |b| value((cpu_list::ranges(b), cpu_list::count(b))) },
    Parser { name: "key_value", shape: BY_NAME, sample: b"NAME=\"a b\"\nID=c\nVERSION='1'\n", parse: |b| value(key_value::parse(b).map(|(name, value)| BTreeMap::from([("name", name.to_vec()), ("value", value.into_owned())])).collect::<Vec<_>>()) },
    Parser { name: "passwd", shape: Shape::Lines { key_columns: 9 }, sample: b"root:x:0:0::/root:\nanna:x:1000:1000::/home:\n", parse: |b| value(passwd::parse(b).collect::<Vec<_>>()) },
    Parser { name: "sysfs", shape: Shape::Other, sample: b"[none] 3\n", parse: |b| value((sysfs::trimmed(b), sysfs::unsigned::<u8>(b), sysfs::signed::<i8>(b), sysfs::bytes(b), sysfs::selected(b))) },
];

fn value(result: impl Serialize) -> Value {
    serde_json::to_value(result).unwrap()
}

fn fallible(result: Result<impl Serialize, ParseError>) -> Value {
    match result {
        Ok(facts) => value(facts),
        Err(error) => {
            assert!(error.to_string().len() < 250, "{error}");
            Value::Null
        }
    }
}

type Facts = BTreeMap<String, Value>;

/// Everything a result says, by path; what is unknown says nothing. Records are told apart by what identifies
/// them, since their order may change.
fn facts(value: &Value) -> Facts {
    fn walk(value: &Value, path: &str, out: &mut Facts) {
        match value {
            Value::Null => {}
            Value::Object(fields) => {
                for (name, value) in fields {
                    walk(value, &format!("{path}.{name}"), out);
                }
            }
            Value::Array(items) if items.iter().all(Value::is_object) => {
                for item in items {
                    let key =
                        ["number", "name", "path", "id", "hierarchy"].iter().find_map(|key| item.get(key));
                    walk(item, &format!("{path}[{}]", key.unwrap_or(&Value::Null)), out);
                }
            }
            _ => {
                out.insert(path.to_owned(), value.clone());
            }
        }
    }
    let mut out = Facts::new();
    walk(value, "", &mut out);
    out
}

fn lost(before: &Facts, after: &Facts, what: &str) -> Vec<String> {
    for (path, value) in after {
        assert_eq!(before.get(path), Some(value), "{what}: {path} is new or changed");
    }
    before.keys().filter(|path| !after.contains_key(*path)).cloned().collect()
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

fn line_files() -> impl Iterator<Item = (&'static Parser, usize)> {
    PARSERS.iter().filter_map(|parser| match parser.shape {
        Shape::Lines { key_columns } => Some((parser, key_columns)),
        _ => None,
    })
}

/// Start and end of each column that is a number.
fn number_columns(line: &[u8]) -> Vec<(usize, usize, usize)> {
    let mut columns = Vec::new();
    let mut at = 0;
    for (index, column) in line.split(u8::is_ascii_whitespace).filter(|column| !column.is_empty()).enumerate()
    {
        let start = at + line[at..].windows(column.len()).position(|window| window == column).unwrap();
        at = start + column.len();
        if column.iter().all(u8::is_ascii_digit) {
            columns.push((index, start, at));
        }
    }
    columns
}

#[test]
fn names_are_unique_and_samples_say_something() {
    let mut names = std::collections::BTreeSet::new();
    for parser in PARSERS {
        assert!(names.insert(parser.name), "{} twice", parser.name);
        assert!(!facts(&(parser.parse)(parser.sample)).is_empty(), "{}", parser.name);
    }
}

#[test]
fn an_empty_file_says_nothing() {
    for parser in PARSERS.iter().filter(|parser| parser.shape != Shape::Other) {
        let facts = facts(&(parser.parse)(b""));
        assert!(facts.values().all(|value| *value == Value::Array(Vec::new())), "{}: {facts:?}", parser.name);
    }
}

#[test]
fn a_deleted_line_takes_only_what_it_says() {
    for (parser, _) in line_files() {
        let before = facts(&(parser.parse)(parser.sample));
        let lines = lines(parser.sample);
        let mut owners = BTreeMap::new();
        for gone in 0..lines.len() {
            let rest = [&lines[..gone], &lines[gone + 1..]].concat().concat();
            let after = facts(&(parser.parse)(&rest));
            for path in lost(&before, &after, parser.name) {
                assert_eq!(owners.insert(path.clone(), gone), None, "{}: {path} lost twice", parser.name);
            }
        }
        assert_eq!(owners.len(), before.len(), "{}: a fact that no line says", parser.name);
    }
}

#[test]
fn a_malformed_column_takes_only_its_value() {
    for (parser, key_columns) in line_files() {
        let before = facts(&(parser.parse)(parser.sample));
        let lines = lines(parser.sample);
        for (at, line) in lines.iter().enumerate() {
            for (column, start, end) in number_columns(line) {
                if column < key_columns {
                    continue;
                }
                for garbage in [&b"?"[..], b"-1x", b"18446744073709551616"] {
                    let broken = [&line[..start], garbage, &line[end..]].concat();
                    let file = [lines[..at].concat(), broken, lines[at + 1..].concat()].concat();
                    let after = facts(&(parser.parse)(&file));
                    let what = format!("{}: line {at}, column {column}", parser.name);
                    let lost = lost(&before, &after, &what);
                    assert!(lost.len() <= 1, "{what} took {lost:?}");
                }
            }
        }
    }
}

#[test]
fn a_malformed_place_takes_only_its_value() {
    for parser in PARSERS.iter().filter(|parser| parser.shape == Shape::Columns) {
        let before = facts(&(parser.parse)(parser.sample));
        let columns: Vec<_> = parser.sample.trim_ascii().split(|byte| *byte == b' ').collect();
        let mut total = 0;
        for broken in 0..columns.len() {
            let mut columns = columns.clone();
            columns[broken] = b"?";
            let taken = lost(&before, &facts(&(parser.parse)(&columns.join(&b' '))), parser.name);
            // "2/13160" in loadavg is one column and two values.
            assert!(taken.len() <= 2, "{}: {taken:?}", parser.name);
            total += taken.len();
        }
        assert_eq!(total, before.len(), "{}", parser.name);
        for kept in 0..columns.len() {
            lost(&before, &facts(&(parser.parse)(&columns[..kept].join(&b' '))), parser.name);
        }
    }
}

fn damaged(sample: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<Vec<u8>>(),
        Just(b"18446744073709551615".to_vec()),
        Just(b"-".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b" ) (".to_vec()),
        Just(br"\x\0\134".to_vec()),
        Just(Vec::new()),
    ];
    (0..=sample.len(), 0..=sample.len(), piece).prop_map(move |(one, other, piece)| {
        let (start, end) = (one.min(other), one.max(other).min(one.min(other) + 60));
        [&sample[..start], &piece, &sample[end..]].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>()) {
        for parser in PARSERS {
            (parser.parse)(&bytes);
        }
    }

    #[test]
    fn a_damaged_file_never_panics(
        (at, bytes) in (0..PARSERS.len()).prop_flat_map(|at| (Just(at), damaged(PARSERS[at].sample)))
    ) {
        (PARSERS[at].parse)(&bytes);
    }

    #[test]
    fn the_order_of_lines_does_not_matter(seed in any::<prop::sample::Index>(), step in 1_usize..1000) {
        for (parser, _) in line_files() {
            let mut shuffled = lines(parser.sample);
            let length = shuffled.len();
            for at in 0..length {
                shuffled.swap(at, (seed.index(length) + at * step) % length);
            }
            prop_assert_eq!(
                facts(&(parser.parse)(parser.sample)), facts(&(parser.parse)(&shuffled.concat())), "{}", parser.name
            );
        }
    }

    #[test]
    fn unknown_lines_do_not_matter(line in "[A-Z][a-z]{12,20}( [a-z]{3,9}){0,4}", at in any::<prop::sample::Index>()) {
        for (parser, _) in line_files() {
            let mut more = lines(parser.sample);
            let line = format!("{line}\n");
            more.insert(at.index(more.len() + 1), line.as_bytes());
            // A new swap area looks like any two words.
            if parser.name != "swaps" {
                prop_assert_eq!(
                    facts(&(parser.parse)(parser.sample)), facts(&(parser.parse)(&more.concat())), "{}", parser.name
                );
            }
        }
    }
}
