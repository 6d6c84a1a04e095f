//! A chart in words, for those who do not see it.

use super::axis::{age_label, label};
use crate::units::{UNIT_SPACE, UNKNOWN, Unit, UnitStyle, format};
use std::fmt::Write;

/// Appends a sentence such as "CPU 34 %, was 12 to 71 % in the last minute": the name of a series, its
/// newest value, and its range over the span that the chart shows.
pub fn summary(
    name: &str,
    unit: Unit,
    style: &UnitStyle,
    now: Option<f64>,
    range: Option<(f64, f64)>,
    span_ms: u64,
    out: &mut String,
) {
    let finite = |value: &f64| value.is_finite();
    out.push_str(name);
    out.push(' ');
    match now.filter(finite) {
        Some(now) => number(unit, style, now, out),
        None => out.push_str(UNKNOWN),
    }
    let Some((low, high)) = range.filter(|(low, high)| finite(low) && finite(high)) else { return };
    let (mut from, mut to) = (String::new(), String::new());
    number(unit, style, low, &mut from);
    number(unit, style, high, &mut to);
    out.push_str(", was ");
    if from != to {
        // "12 to 71 %" rather than "12 % to 71 %", when both have the same unit.
        let split = |text: &str| text.rsplit_once(UNIT_SPACE).map(|(n, u)| (n.to_owned(), u.to_owned()));
        match (split(&from), split(&to)) {
            (Some((digits, a)), Some((_, b))) if a == b && unit != Unit::Seconds => out.push_str(&digits),
            _ => out.push_str(&from),
        }
        out.push_str(" to ");
    }
    out.push_str(&to);
    out.push_str(" in the last ");
    span(span_ms / 1_000, out);
}

/// Whole percent are enough to hear; everything else as in the tables.
fn number(unit: Unit, style: &UnitStyle, value: f64, out: &mut String) {
    match unit {
        Unit::Fraction => out.push_str(&label(unit, style, (value * 100.0).round() / 100.0)),
        _ => format(unit, value, style, out),
    }
}

fn span(secs: u64, out: &mut String) {
    let _ = match secs {
        1 => write!(out, "second"),
        60 => write!(out, "minute"),
        3_600 => write!(out, "hour"),
        _ if secs.is_multiple_of(60) => write!(out, "{} minutes", secs / 60),
        0..60 => write!(out, "{secs} seconds"),
        _ => write!(out, "{}", age_label(secs)),
    };
}
