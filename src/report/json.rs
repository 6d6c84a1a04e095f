//! Everything for programs: one object with raw numbers in base units.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::json_system::system;
use crate::columns::{Column, Row, Value};
use crate::snapshot::Snapshot;

/// The version of the JSON's shape: new keys do not change it, changed meanings do.
const SCHEMA: u32 = 1;

/// Writes one JSON object on a line: `{"schema": 1, "time": …, "system": {…}, "processes": [{"pid": …}]}`.
///
/// `time` is in seconds since 1970, `elapsed` in seconds since the sample that rates are taken over. A
/// process has the ids of `columns` as its keys.
///
/// # Errors
/// When `out` takes no more.
pub fn json(
    out: &mut impl Write,
    snapshot: &Snapshot,
    columns: &[&Column],
    rows: &[Row<'_>],
) -> io::Result<()> {
    let processes = rows.iter().map(|row| {
        let fields = columns.iter().map(|column| (column.id.to_owned(), value(&(column.value)(row))));
        Json::Object(fields.collect())
    });
    let report = json!({
        "schema": SCHEMA,
        "time": seconds(snapshot.sample.time.realtime_ns),
        "elapsed": snapshot.elapsed_ns.map(seconds),
        "system": system(snapshot),
        "processes": processes.collect::<Vec<_>>(),
    });
    serde_json::to_writer(&mut *out, &report)?;
    writeln!(out)
}

#[expect(clippy::cast_precision_loss, reason = "a time is good to the microsecond")]
fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}

fn value(value: &Value<'_>) -> Json {
    match value {
        Value::Unknown => Json::Null,
        Value::Count(number) => json!(number),
        Value::Signed(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Text(text) => json!(text),
    }
}
