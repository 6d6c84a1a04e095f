//! Every column of every process of every machine, captured and running, whole and with files refused.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gnomon::columns::{COLUMNS, Column, Value, View, needs_of};
use gnomon::report;
use gnomon::sample::{Demand, Needs, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::{Operation, Probe, Source, Verdict};
use gnomon::units::{UNKNOWN, UnitStyle};
use rustix::io::Errno;

fn machines() -> [PathBuf; 3] {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    ["/".into(), fixtures.join("laptop"), fixtures.join("captured-6.18/proc-hostile")]
}

/// What two samples together say.
fn snapshot(source: Source) -> Snapshot {
    let mut sampler = Sampler::new(source);
    let demand = Demand::of_all(needs_of(COLUMNS));
    let before = sampler.tick(&demand).unwrap();
    Snapshot::new(Some(&before), Arc::new(sampler.tick(&demand).unwrap()))
}

#[test]
fn every_cell_can_be_written_and_is_sane() {
    for machine in machines() {
        let snapshot = snapshot(Source::open(&machine).unwrap());
        assert!(snapshot.sample.processes.len() > 2, "{}", machine.display());
        for column in COLUMNS {
            let mut known = 0;
            for row in snapshot.rows(View::default()) {
                let value = (column.value)(&row);
                let mut cell = String::new();
                value.write(column.unit, &UnitStyle::default(), &mut cell);
                let what = format!("{} of {}: {value:?}, {cell:?}", column.id, row.process.id);
                assert!(!cell.chars().any(char::is_control), "{what}");
                match &value {
                    Value::Unknown => assert_eq!(cell, UNKNOWN, "{what}"),
                    Value::Text(words) => assert_eq!(cell, **words, "{what}"),
                    Value::Real(number) => {
                        // Shares of one thread, times and totals; nothing is negative.
                        assert!(number.is_finite() && *number >= 0.0, "{what}");
                    }
                    Value::Count(_) | Value::Signed(_) => {}
                }
                if matches!(column.id, "cpu_wait" | "io_delay") {
                    assert!(value.number().is_none_or(|share| (0.0..=1.0).contains(&share)), "{what}");
                }
                let is_words = matches!(value, Value::Text(_));
                assert!(value == Value::Unknown || is_words != column.is_numeric(), "{what}");
                known += usize::from(value != Value::Unknown);
            }
            let _ = snapshot.total(column, View::default());
            // What every machine says of somebody.
            if column.needs == Needs::PROCESSES && !matches!(column.id, "terminal" | "rt_priority" | "age") {
                assert!(known > 0, "{} on {}", column.id, machine.display());
            }
        }
    }
}

#[test]
fn what_is_not_known_is_null() {
    for machine in machines() {
        let snapshot = snapshot(Source::open(&machine).unwrap());
        let columns: Vec<_> = COLUMNS.iter().collect();
        let rows: Vec<_> = snapshot.rows(View::default()).collect();
        let mut json = Vec::new();
        report::json(&mut json, &snapshot, &columns, &rows).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let mut nulls = 0;
        for (row, json) in rows.iter().zip(json["processes"].as_array().unwrap()) {
            assert_eq!(json.as_object().unwrap().len(), COLUMNS.len());
            for column in COLUMNS {
                let unknown = (column.value)(row) == Value::Unknown;
                assert_eq!(json[column.id].is_null(), unknown, "{} of {}", column.id, row.process.id);
                nulls += usize::from(unknown);
            }
        }
        assert!(nulls > 0);
    }
}

/// Refuses one file of every process.
struct Refusing(&'static str);

impl Probe for Refusing {
    fn before(&self, operation: Operation<'_>) -> Verdict {
        match operation {
            Operation::Read(name) | Operation::Link(name) | Operation::List(name) if name == self.0 => {
                Verdict::Fail(Errno::ACCESS)
            }
            _ => Verdict::Proceed,
        }
    }
}

fn cells(source: Source) -> BTreeMap<(u32, &'static str), Value<'static>> {
    let snapshot = snapshot(source);
    let cell = |column: &Column, row: &gnomon::columns::Row<'_>| match (column.value)(row) {
        Value::Text(words) => Value::Text(words.into_owned().into()),
        Value::Count(number) => Value::Count(number),
        Value::Signed(number) => Value::Signed(number),
        Value::Real(number) => Value::Real(number),
        Value::Unknown => Value::Unknown,
    };
    let rows = snapshot.rows(View::default());
    rows.flat_map(|row| COLUMNS.iter().map(move |column| (row, column)))
        .map(|(row, column)| ((row.process.id.pid, column.id), cell(column, &row)))
        .collect()
}

#[test]
fn a_refused_file_costs_only_what_it_says() {
    const FILES: &[(&str, Needs)] = &[
        ("statm", Needs::STATM),
        ("io", Needs::IO),
        ("cmdline", Needs::COMMAND_LINE),
        ("cgroup", Needs::CGROUP),
        ("schedstat", Needs::SCHEDSTAT),
        ("smaps_rollup", Needs::SMAPS_ROLLUP),
        ("oom_score", Needs::OOM_SCORE),
        ("oom_score_adj", Needs::OOM_SCORE_ADJ),
        ("exe", Needs::EXECUTABLE),
        ("cwd", Needs::WORKING_DIRECTORY),
        ("loginuid", Needs::LOGIN_UID),
        ("sessionid", Needs::SESSION_ID),
        ("run/systemd/sessions/2", Needs::SEATS),
        ("attr/current", Needs::SECURITY_CONTEXT),
        ("ns/mnt", Needs::NAMESPACES),
        ("wchan", Needs::WAITING_CHANNEL),
        ("fd", Needs::DESCRIPTORS),
    ];
    let laptop = &machines()[1];
    let whole = cells(Source::open(laptop).unwrap());
    for &(file, need) in FILES {
        let source = Source::open(laptop).unwrap().with_probe(Arc::new(Refusing(file)));
        let left = cells(source);
        assert_eq!(left.len(), whole.len());
        for ((pid, id), value) in &left {
            let column = Column::by_id(id).unwrap();
            // A name that the kernel cut off is completed from the command line.
            if *id == "name" && file == "cmdline" {
                continue;
            }
            if !column.needs.contains(need) {
                assert_eq!(value, &whole[&(*pid, *id)], "{id} of {pid} without {file}");
            } else if column.needs == Needs::PROCESSES | need {
                assert_eq!(value, &Value::Unknown, "{id} of {pid} without {file}");
            }
        }
    }
}
