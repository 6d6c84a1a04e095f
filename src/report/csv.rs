//! The processes for spreadsheets and `awk`.

use std::io::{self, Write};

use crate::columns::{Column, Row, Value};

/// Writes the processes as CSV, RFC 4180, with column ids as the first line. An unknown value is an empty
/// field.
///
/// # Errors
/// When `out` takes no more.
pub fn csv(out: &mut impl Write, columns: &[&Column], rows: &[Row<'_>]) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns.iter().map(|column| column.id)).map_err(io_error)?;
    for row in rows {
        let fields = columns.iter().map(|column| match (column.value)(row) {
            Value::Unknown => String::new(),
            Value::Count(number) => number.to_string(),
            Value::Signed(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
            Value::Text(text) => text.into_owned(),
        });
        csv.write_record(fields).map_err(io_error)?;
    }
    csv.flush()
}

/// The error of the output itself: wrapped by the crate, a closed pipe would not be known for one.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
