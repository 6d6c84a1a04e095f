//! `/proc/pressure/*` and `*.pressure` of control groups: time lost waiting for a resource (PSI).

use serde::{Deserialize, Serialize};

use super::text;

/// What a pressure file says, `Documentation/accounting/psi.rst`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pressure {
    /// At least one task waited.
    pub some: Option<PressureLine>,
    /// All tasks waited. Not there for `cpu` before Linux 5.13.
    pub full: Option<PressureLine>,
}

/// One line of a pressure file.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PressureLine {
    /// Share of the last 10 seconds, in percent.
    pub avg10: Option<f64>,
    /// Share of the last minute, in percent.
    pub avg60: Option<f64>,
    /// Share of the last 5 minutes, in percent.
    pub avg300: Option<f64>,
    /// Time lost since boot, in microseconds.
    pub total_us: Option<u64>,
}

/// Reads a pressure file.
#[must_use]
pub fn parse(bytes: &[u8]) -> Pressure {
    let mut pressure = Pressure::default();
    for line in text::lines(bytes) {
        let mut fields = text::fields(line);
        match fields.next() {
            Some(b"some") => pressure.some = Some(values(fields)),
            Some(b"full") => pressure.full = Some(values(fields)),
            _ => {}
        }
    }
    pressure
}

fn values(fields: text::Fields<'_>) -> PressureLine {
    let mut values = PressureLine::default();
    // The kernel may print 100.00 and a little more for a moment.
    let percent = |value| text::decimal(value).map(|share| share.min(100.0));
    for (key, value) in fields.filter_map(|field| text::split_at_byte(field, b'=')) {
        match key {
            b"avg10" => values.avg10 = percent(value),
            b"avg60" => values.avg60 = percent(value),
            b"avg300" => values.avg300 = percent(value),
            b"total" => values.total_us = text::number(value),
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_lines_by_name() {
        let some = PressureLine {
            avg10: Some(64.79),
            avg60: Some(54.49),
            avg300: Some(31.23),
            total_us: Some(608_585_740),
        };
        let pressure = parse(b"some avg10=64.79 avg60=54.49 avg300=31.23 total=608585740\n");
        assert_eq!(pressure, Pressure { some: Some(some), full: None });
        let full = PressureLine { avg10: None, avg60: None, avg300: Some(100.0), total_us: Some(7) };
        let pressure = parse(b"full total=7 avg10=-1 avg60=nan avg300=100.31 new=1\r\n");
        assert_eq!(pressure, Pressure { some: None, full: Some(full) });
        assert_eq!(parse(b""), Pressure::default());
    }
}
