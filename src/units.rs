//! How a number becomes text: one place for every table cell, chart label, tooltip and report.
//!
//! Nothing here allocates: text is appended to a buffer that the caller keeps, because the table formats
//! some hundred cells a second. Number and unit are joined by U+00A0 NO-BREAK SPACE: the two never part at
//! a line's end, every font has the glyph, and screen readers and spreadsheets take it for a space. (The
//! narrow U+202F looks a little better, but a font without it makes Pango fall back to another font in the
//! middle of the cell, which costs time and shifts the digits.)
//!
//! Decimals are fixed per unit, so that a column does not flicker between widths: `49.3 %`, `409.8 MiB`,
//! `4.0 KiB`, `512 B`. An exact zero is written without decimals (`0 %`, `0 B/s`), so that `0.0 %` says
//! "a little". What is not known is [`UNKNOWN`], never zero.
//!
//! Not here: words that need a translation, and the look of a cell.

use std::fmt::Write;

/// What stands for a value that is not known: not readable, not sampled twice yet, not there.
pub const UNKNOWN: &str = "—";

/// U+00A0, between a number and its unit.
pub const UNIT_SPACE: char = '\u{a0}';

/// What a number measures, and so how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// An amount of memory or storage in bytes.
    Bytes,
    /// Bytes per second; shown in bits per second when [`UnitStyle::rates_in_bits`] says so.
    BytesPerSecond,
    /// A share of a whole, 1.0 being all of it; shown in percent. More than 1 is possible (several CPUs).
    Fraction,
    /// A span of time in seconds, such as an age: `2 h 05 min`.
    Seconds,
    /// CPU time in seconds, as `top` and `ps` write it: `0:01.25`.
    CpuTime,
    /// A latency in milliseconds.
    Milliseconds,
    /// A number of things.
    Count,
    /// Things per second.
    CountPerSecond,
    /// A frequency in hertz.
    Hertz,
    /// A temperature in degrees Celsius.
    Celsius,
    /// A power in watts.
    Watts,
    /// A point in time in seconds since 1970-01-01 00:00 UTC.
    Time,
    /// Not a number; a number given all the same is written plainly.
    Text,
}

/// Whether sizes step by 1024 (KiB) or by 1000 (kB).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Base {
    /// 1 KiB = 1024 B.
    #[default]
    Iec,
    /// 1 kB = 1000 B.
    Si,
}

/// The user's choices that change how numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct UnitStyle {
    /// KiB or kB.
    pub base: Base,
    /// Rates in bits per second instead of bytes per second.
    pub rates_in_bits: bool,
    /// Seconds east of UTC, for [`Unit::Time`].
    pub utc_offset_secs: i32,
}

/// A number on its way to text. Whole numbers keep all their digits, which an `f64` above 2⁵³ would not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Not known.
    Unknown,
    /// A whole number.
    Whole(u64),
    /// Any other number; one that is not finite counts as not known.
    Real(f64),
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::Whole(value)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Real(value) } else { Self::Unknown }
    }
}

impl<T: Into<Number>> From<Option<T>> for Number {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Into::into)
    }
}

/// Appends `value`, measured in `unit`, to `out`.
pub fn format(unit: Unit, value: impl Into<Number>, style: &UnitStyle, out: &mut String) {
    let value = value.into();
    let real = match value {
        Number::Unknown => return out.push_str(UNKNOWN),
        // Rounding to 53 bits is invisible wherever fewer than 16 digits are shown.
        Number::Whole(whole) => whole as f64,
        Number::Real(real) if real.is_finite() => real,
        Number::Real(_) => return out.push_str(UNKNOWN),
    };
    match unit {
        Unit::Bytes | Unit::BytesPerSecond => {
            let (ladder, factor) = ladder(unit, style);
            scaled(real * factor, ladder, out);
        }
        Unit::Fraction => with_unit(real * 100.0, 1, "%", out),
        Unit::Seconds => duration(real, out),
        Unit::CpuTime => cpu_time(real, out),
        Unit::Milliseconds if real.abs() >= 999.95 => with_unit(real / 1000.0, 1, "s", out),
        Unit::Milliseconds => with_unit(real, 1, "ms", out),
        Unit::Count | Unit::Text => plain(value, real, out),
        Unit::CountPerSecond => with_unit(real, usize::from(real.abs() < 999.95), "/s", out),
        Unit::Hertz => hertz(real, out),
        Unit::Celsius => with_unit(real, 1, "°C", out),
        Unit::Watts => with_unit(real, 1, "W", out),
        Unit::Time => wall_clock(real, style.utc_offset_secs, out),
    }
}

/// [`format()`] into a new string, for the places where one allocation does not matter.
#[must_use]
pub fn text(unit: Unit, value: impl Into<Number>, style: &UnitStyle) -> String {
    let mut out = String::new();
    format(unit, value, style, &mut out);
    out
}

/// A ladder of unit names, each `step` times the one before.
pub(crate) struct Ladder {
    pub(crate) step: f64,
    pub(crate) names: [&'static str; 7],
}

const BYTES: [Ladder; 2] = [
    Ladder { step: 1024.0, names: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] },
    Ladder { step: 1000.0, names: ["B", "kB", "MB", "GB", "TB", "PB", "EB"] },
];
const BYTES_PER_SECOND: [Ladder; 2] = [
    Ladder { step: 1024.0, names: ["B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s", "PiB/s", "EiB/s"] },
    Ladder { step: 1000.0, names: ["B/s", "kB/s", "MB/s", "GB/s", "TB/s", "PB/s", "EB/s"] },
];
const BITS_PER_SECOND: [Ladder; 2] = [
    Ladder {
        step: 1024.0,
        names: ["bit/s", "Kibit/s", "Mibit/s", "Gibit/s", "Tibit/s", "Pibit/s", "Eibit/s"],
    },
    Ladder { step: 1000.0, names: ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s", "Ebit/s"] },
];

/// The ladder of a size or a rate, and what the value in bytes is multiplied by to stand on it.
pub(crate) fn ladder(unit: Unit, style: &UnitStyle) -> (&'static Ladder, f64) {
    match unit {
        Unit::BytesPerSecond if style.rates_in_bits => (&BITS_PER_SECOND[style.base as usize], 8.0),
        Unit::BytesPerSecond => (&BYTES_PER_SECOND[style.base as usize], 1.0),
        _ => (&BYTES[style.base as usize], 1.0),
    }
}

/// One decimal and the largest unit that leaves at least 1; no decimal below the first step.
fn scaled(value: f64, ladder: &Ladder, out: &mut String) {
    let mut value = value;
    let mut rung = 0;
    // What would be written as "1024.0 KiB" is "1.0 MiB"; below the first step nothing is written after
    // the point, so there the limit is half a unit.
    let mut limit = ladder.step - 0.5;
    while value.abs() >= limit && rung + 1 < ladder.names.len() {
        value /= ladder.step;
        rung += 1;
        limit = ladder.step - 0.05;
    }
    // A rate of 0.3 B/s is not nothing.
    let decimals = usize::from(rung > 0 || (value != 0.0 && value.abs() < 0.95));
    with_unit(value, decimals, ladder.names[rung], out);
}

fn with_unit(value: f64, decimals: usize, unit: &str, out: &mut String) {
    if value == 0.0 {
        out.push('0');
    } else {
        push_real(value, decimals, out);
    }
    out.push(UNIT_SPACE);
    out.push_str(unit);
}

/// `write!` into a `String` cannot fail.
fn push_real(value: f64, decimals: usize, out: &mut String) {
    let _ = write!(out, "{value:.decimals$}");
}

fn plain(value: Number, real: f64, out: &mut String) {
    match value {
        Number::Whole(whole) => {
            let _ = write!(out, "{whole}");
        }
        _ if real.fract() == 0.0 => push_real(real + 0.0, 0, out),
        _ => push_real(real, 1, out),
    }
}

fn hertz(value: f64, out: &mut String) {
    let (divisor, decimals, unit) = match value.abs() {
        v if v >= 999.5e6 => (1e9, 2, "GHz"),
        v if v >= 999.5e3 => (1e6, 0, "MHz"),
        v if v >= 999.5 => (1e3, 0, "kHz"),
        _ => (1.0, 0, "Hz"),
    };
    with_unit(value / divisor, decimals, unit, out);
}

/// The two largest units that matter. Nothing is rounded up: 59.9 s is not yet a minute.
fn duration(secs: f64, out: &mut String) {
    if secs < 0.0 {
        return out.push_str(UNKNOWN);
    }
    let whole = secs as u64;
    let (days, hours, minutes, seconds) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    let s = UNIT_SPACE;
    let _ = match whole {
        0 if secs == 0.0 => write!(out, "0{s}s"),
        0 => write!(out, "{:.1}{s}s", (secs * 10.0).floor() / 10.0),
        1..60 => write!(out, "{seconds}{s}s"),
        60..3_600 => write!(out, "{minutes}{s}min{s}{seconds:02}{s}s"),
        3_600..86_400 => write!(out, "{hours}{s}h{s}{minutes:02}{s}min"),
        _ => write!(out, "{days}{s}d{s}{hours:02}{s}h"),
    };
}

/// Minutes, seconds, hundredths; hours and days join in when there are any, and the hundredths leave.
fn cpu_time(secs: f64, out: &mut String) {
    if secs < 0.0 {
        return out.push_str(UNKNOWN);
    }
    let hundredths = (secs * 100.0) as u64;
    let whole = hundredths / 100;
    let (days, hours, minutes, seconds) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    let _ = match whole {
        0..3_600 => write!(out, "{minutes}:{seconds:02}.{:02}", hundredths % 100),
        3_600..86_400 => write!(out, "{hours}:{minutes:02}:{seconds:02}"),
        _ => write!(out, "{days}{UNIT_SPACE}d{UNIT_SPACE}{hours:02}:{minutes:02}:{seconds:02}"),
    };
}

/// `2026-03-01 14:02:31`, which needs no translation and sorts as text.
fn wall_clock(secs: f64, utc_offset_secs: i32, out: &mut String) {
    let local = secs.floor() as i128 + i128::from(utc_offset_secs);
    // Years 1 to 9999; a clock beyond them is broken.
    if !(-62_135_596_800..253_402_300_800).contains(&local) {
        return out.push_str(UNKNOWN);
    }
    let local = local as i64;
    let (year, month, day) = civil_from_days(local.div_euclid(86_400));
    let second = local.rem_euclid(86_400);
    let (h, m, s) = (second / 3_600, second / 60 % 60, second % 60);
    let _ = write!(out, "{year:04}-{month:02}-{day:02} {h:02}:{m:02}:{s:02}");
}

/// The proleptic Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that
/// the leap day is the last of its year, in eras of 400 years, which all have 146,097 days.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    const IEC: UnitStyle = UnitStyle { base: Base::Iec, rates_in_bits: false, utc_offset_secs: 0 };
    const SI: UnitStyle = UnitStyle { base: Base::Si, ..IEC };
    const BITS: UnitStyle = UnitStyle { rates_in_bits: true, ..SI };

    /// The text with ordinary spaces, which are easier to read here.
    fn shown(unit: Unit, value: impl Into<Number>, style: &UnitStyle) -> String {
        text(unit, value, style).replace(UNIT_SPACE, " ")
    }

    #[test]
    fn unknown_is_a_dash_and_zero_is_zero() {
        for unit in [Unit::Bytes, Unit::Fraction, Unit::Count, Unit::Seconds, Unit::Time, Unit::Text] {
            assert_eq!(shown(unit, None::<u64>, &IEC), "—");
            assert_eq!(shown(unit, f64::NAN, &IEC), "—");
            assert_eq!(shown(unit, f64::INFINITY, &IEC), "—");
            assert_eq!(shown(unit, Number::Real(f64::NAN), &IEC), "—");
        }
        assert_eq!(shown(Unit::Fraction, 0.0, &IEC), "0 %");
        assert_eq!(shown(Unit::BytesPerSecond, 0.0, &IEC), "0 B/s");
        assert_eq!(shown(Unit::BytesPerSecond, -0.0, &IEC), "0 B/s");
        assert_eq!(shown(Unit::Fraction, 0.000_1, &IEC), "0.0 %");
        assert_eq!(shown(Unit::Count, -0.0, &IEC), "0");
    }

    #[test]
    fn sizes_climb_the_ladder_without_showing_a_full_step() {
        let cases: [(u64, &str, &str); 9] = [
            (1, "1 B", "1 B"),
            (999, "999 B", "999 B"),
            (1_000, "1000 B", "1.0 kB"),
            (1_023, "1023 B", "1.0 kB"),
            (4_096, "4.0 KiB", "4.1 kB"),
            (999_949, "976.5 KiB", "999.9 kB"),
            (1_048_575, "1.0 MiB", "1.0 MB"),
            (429_706_445, "409.8 MiB", "429.7 MB"),
            (u64::MAX, "16.0 EiB", "18.4 EB"),
        ];
        for (bytes, iec, si) in cases {
            assert_eq!(shown(Unit::Bytes, bytes, &IEC), iec);
            assert_eq!(shown(Unit::Bytes, bytes, &SI), si);
        }
    }

    #[test]
    fn rates_follow_the_style() {
        assert_eq!(shown(Unit::BytesPerSecond, 608_972.8, &IEC), "594.7 KiB/s");
        assert_eq!(shown(Unit::BytesPerSecond, 608_972.8, &SI), "609.0 kB/s");
        assert_eq!(shown(Unit::BytesPerSecond, 125_000.0, &BITS), "1.0 Mbit/s");
        assert_eq!(shown(Unit::BytesPerSecond, 128.0, &UnitStyle { base: Base::Iec, ..BITS }), "1.0 Kibit/s");
        assert_eq!(shown(Unit::Bytes, 125_000_u64, &BITS), "125.0 kB", "amounts stay in bytes");
        assert_eq!(shown(Unit::BytesPerSecond, 0.3, &IEC), "0.3 B/s");
        assert_eq!(shown(Unit::BytesPerSecond, 0.96, &IEC), "1 B/s");
        assert_eq!(shown(Unit::BytesPerSecond, 1_023.6, &IEC), "1.0 KiB/s");
    }

    #[test]
    fn numbers_of_each_unit() {
        let cases = [
            (Unit::Fraction, 0.493, "49.3 %"),
            (Unit::Fraction, 4.0, "400.0 %"),
            (Unit::Milliseconds, 12.34, "12.3 ms"),
            (Unit::Milliseconds, 999.96, "1.0 s"),
            (Unit::CountPerSecond, 12.34, "12.3 /s"),
            (Unit::CountPerSecond, 250_123.4, "250123 /s"),
            (Unit::Hertz, 3.4e9, "3.40 GHz"),
            (Unit::Hertz, 800e6, "800 MHz"),
            (Unit::Hertz, 999.7e6, "1.00 GHz"),
            (Unit::Celsius, 45.0, "45.0 °C"),
            (Unit::Celsius, -3.25, "-3.2 °C"),
            (Unit::Watts, 12.34, "12.3 W"),
            (Unit::Count, 3.0, "3"),
            (Unit::Text, 3.5, "3.5"),
        ];
        for (unit, value, expected) in cases {
            assert_eq!(shown(unit, value, &IEC), expected, "{unit:?} {value}");
        }
        assert_eq!(shown(Unit::Count, u64::MAX, &IEC), "18446744073709551615");
    }

    #[test]
    fn durations_are_never_rounded_up() {
        let cases = [
            (0.0, "0 s"),
            (0.49, "0.4 s"),
            (59.9, "59 s"),
            (60.0, "1 min 00 s"),
            (3_599.9, "59 min 59 s"),
            (7_500.0, "2 h 05 min"),
            (86_399.0, "23 h 59 min"),
            (273_600.0, "3 d 04 h"),
            (-1.0, "—"),
        ];
        for (secs, expected) in cases {
            assert_eq!(shown(Unit::Seconds, secs, &IEC), expected);
        }
        let times = [
            (0.0, "0:00.00"),
            (1.25, "0:01.25"),
            (3_599.999, "59:59.99"),
            (3_723.0, "1:02:03"),
            (273_845.0, "3 d 04:04:05"),
        ];
        for (secs, expected) in times {
            assert_eq!(shown(Unit::CpuTime, secs, &IEC), expected);
        }
    }

    #[test]
    fn the_calendar_is_right() {
        // Checked with date -u -d @…
        let cases: [(f64, &str); 7] = [
            (0.0, "1970-01-01 00:00:00"),
            (951_782_399.0, "2000-02-28 23:59:59"),
            (951_782_400.0, "2000-02-29 00:00:00"),
            (1_709_164_800.0, "2024-02-29 00:00:00"),
            (4_107_542_400.0, "2100-03-01 00:00:00"),
            (-1.0, "1969-12-31 23:59:59"),
            (1e15, "—"),
        ];
        for (secs, expected) in cases {
            assert_eq!(shown(Unit::Time, secs, &IEC), expected);
        }
        let east = UnitStyle { utc_offset_secs: 5 * 3_600 + 1_800, ..IEC };
        assert_eq!(shown(Unit::Time, 1_709_233_200_u64, &east), "2024-03-01 00:30:00");
    }

    #[test]
    fn the_text_is_appended_and_needs_no_new_memory() {
        let mut out = String::with_capacity(64);
        let before = out.as_ptr();
        format(Unit::Bytes, 4_096_u64, &IEC, &mut out);
        format(Unit::Fraction, 0.5, &IEC, &mut out);
        assert_eq!(out, "4.0\u{a0}KiB50.0\u{a0}%");
        assert_eq!(out.as_ptr(), before);
    }
}
