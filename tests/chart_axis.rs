//! Axes: sensible steps in every unit, honest labels, and no jumping.

use gnomon::chart::{AutoAxis, ValueAxis, summary, time_ticks};
use gnomon::units::{Base, Unit, UnitStyle};
use proptest::prelude::*;

const IEC: UnitStyle = UnitStyle { base: Base::Iec, rates_in_bits: false, utc_offset_secs: 0 };
const SI: UnitStyle = UnitStyle { base: Base::Si, ..IEC };
const BITS: UnitStyle = UnitStyle { rates_in_bits: true, ..SI };

fn labels(axis: &ValueAxis, intervals: usize) -> Vec<String> {
    axis.ticks(intervals).into_iter().map(|tick| tick.label.replace('\u{a0}', " ")).collect()
}

#[test]
fn percent_steps_in_quarters() {
    let axis = ValueAxis::percent();
    assert_eq!(labels(&axis, 5), ["0 %", "25 %", "50 %", "75 %", "100 %"]);
    assert_eq!(labels(&axis, 2), ["0 %", "50 %", "100 %"]);
    assert_eq!(labels(&axis, 1), ["0 %", "100 %"]);
    assert_eq!(axis.position(0.25), 0.25);
    assert_eq!((axis.position(-1.0), axis.position(2.0)), (0.0, 1.0));
}

#[test]
fn steps_follow_the_unit() {
    let fitting = |unit, style, maximum| labels(&ValueAxis::fitting(unit, style, maximum, false), 5);
    let rate = Unit::BytesPerSecond;
    assert_eq!(
        fitting(rate, IEC, 0.0),
        ["0 B/s", "256 B/s", "512 B/s", "768 B/s", "1 KiB/s"],
        "an idle line is not blown up"
    );
    assert_eq!(fitting(rate, IEC, 1.1 * 1048576.0).last().unwrap(), "1.25 MiB/s");
    assert_eq!(fitting(rate, IEC, 3e6), ["0 B/s", "1 MiB/s", "2 MiB/s", "3 MiB/s"]);
    assert_eq!(fitting(rate, SI, 3e6), ["0 B/s", "1 MB/s", "2 MB/s", "3 MB/s"]);
    assert_eq!(
        fitting(rate, BITS, 125e6),
        ["0 bit/s", "200 Mbit/s", "400 Mbit/s", "600 Mbit/s", "800 Mbit/s", "1 Gbit/s"]
    );
    assert_eq!(fitting(Unit::Count, IEC, 7.0), ["0", "2", "4", "6", "8"]);
    assert_eq!(fitting(Unit::Count, IEC, 1.0), ["0", "1", "2", "3", "4"], "no half processes");
    assert_eq!(
        fitting(Unit::CountPerSecond, IEC, 23_000.0),
        ["0 /s", "5 k/s", "10 k/s", "15 k/s", "20 k/s", "25 k/s"]
    );
    assert_eq!(fitting(Unit::Fraction, IEC, 0.03), ["0 %", "1 %", "2 %", "3 %"]);
    assert_eq!(fitting(Unit::Celsius, IEC, 61.0), ["0 °C", "20 °C", "40 °C", "60 °C", "80 °C"]);
    let memory = ValueAxis::up_to(Unit::Bytes, IEC, 25.3 * 1073741824.0);
    assert_eq!(labels(&memory, 5), ["0 B", "8 GiB", "16 GiB", "24 GiB"]);
    assert!((memory.position(12.65 * 1073741824.0) - 0.5).abs() < 1e-12);
}

#[test]
fn a_logarithmic_axis_gives_each_power_the_same_room() {
    let axis = ValueAxis::fitting(Unit::BytesPerSecond, IEC, 4e8, true);
    assert_eq!(labels(&axis, 4), ["0 B/s", "1 KiB/s", "1 MiB/s", "1 GiB/s"]);
    let values: Vec<f64> = axis.ticks(4).iter().map(|tick| axis.position(tick.value)).collect();
    assert_eq!((values[0], *values.last().unwrap()), (0.0, 1.0));
    let rooms: Vec<f64> = values[1..].windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(rooms.iter().all(|room| (room - rooms[0]).abs() < 1e-3), "{rooms:?}");
    assert_eq!(axis.position(0.0), 0.0);
    assert!(axis.position(4096.0) > 0.35, "small rates are seen");
}

#[test]
fn time_is_labelled_in_its_natural_unit() {
    let ages = |span, room| {
        time_ticks(span, room).into_iter().map(|tick| tick.label.replace('\u{a0}', " ")).collect::<Vec<_>>()
    };
    assert_eq!(ages(60_000, 6), ["1 min", "50 s", "40 s", "30 s", "20 s", "10 s", "0"]);
    assert_eq!(ages(60_000, 4), ["1 min", "45 s", "30 s", "15 s", "0"]);
    assert_eq!(ages(60_000, 1), ["1 min", "0"]);
    assert_eq!(ages(300_000, 6), ["5 min", "4 min", "3 min", "2 min", "1 min", "0"]);
    assert_eq!(ages(300_000, 12), ages(300_000, 6), "no 270 s");
    assert_eq!(ages(300_000, 4), ["4 min", "2 min", "0"]);
    assert_eq!(ages(120_000, 4), ["2 min", "90 s", "1 min", "30 s", "0"]);
    assert_eq!(ages(3_600_000, 6), ["1 h", "50 min", "40 min", "30 min", "20 min", "10 min", "0"]);
    assert_eq!(ages(0, 6), ["0"]);
}

#[test]
fn the_axis_grows_at_once_and_shrinks_late() {
    let mut axis = AutoAxis::new(Unit::BytesPerSecond, SI, false);
    assert_eq!(axis.axis().upper(), 1_000.0);
    assert!(!axis.follow(0, 900.0));
    assert!(axis.follow(1_000, 90_000.0));
    assert_eq!(axis.axis().upper(), 100_000.0);
    // Just above half: it stays for ever.
    for tick in 2..100 {
        assert!(!axis.follow(tick * 1_000, 50_000.0));
    }
    // Low, but high again before the time is over.
    for tick in 100..104 {
        assert!(!axis.follow(tick * 1_000, 10.0));
    }
    assert!(!axis.follow(104_000, 60_000.0));
    for tick in 105..110 {
        assert!(!axis.follow(tick * 1_000, if tick == 107 { 30_000.0 } else { 10.0 }));
    }
    assert!(axis.follow(110_000, 10.0));
    assert_eq!(axis.axis().upper(), 30_000.0, "as high as it was while it was low");
    assert!(!axis.follow(111_000, f64::NAN), "what is not a number moves nothing");
}

#[test]
fn a_chart_in_words() {
    let words = |name, unit, now, range, span| {
        let mut out = String::new();
        summary(name, unit, &IEC, now, range, span, &mut out);
        out.replace('\u{a0}', " ")
    };
    assert_eq!(
        words("CPU", Unit::Fraction, Some(0.342), Some((0.118, 0.712)), 60_000),
        "CPU 34 %, was 12 to 71 % in the last minute"
    );
    assert_eq!(
        words("Received", Unit::BytesPerSecond, Some(2048.0), Some((0.0, 4.0 * 1048576.0)), 300_000),
        "Received 2.0 KiB/s, was 0 B/s to 4.0 MiB/s in the last 5 minutes"
    );
    assert_eq!(
        words("Load", Unit::Count, Some(2.0), Some((2.0, 2.0)), 30_000),
        "Load 2, was 2 in the last 30 seconds"
    );
    assert_eq!(words("CPU", Unit::Fraction, None, None, 60_000), "CPU —");
    assert_eq!(words("CPU", Unit::Fraction, Some(f64::NAN), Some((f64::NAN, 1.0)), 60_000), "CPU —");
}

proptest! {
    #[test]
    fn every_axis_is_sensible(
        exponent in -3.0..13.0_f64,
        intervals in 1..6_usize,
        log: bool,
        si: bool,
        bits: bool,
        unit in prop::sample::select(vec![
            Unit::Bytes, Unit::BytesPerSecond, Unit::Fraction, Unit::Count, Unit::CountPerSecond,
            Unit::Hertz, Unit::Celsius, Unit::Watts, Unit::Milliseconds,
        ]),
    ) {
        let maximum = 10_f64.powf(exponent).min(if unit == Unit::Fraction { 512.0 } else { f64::MAX });
        let style = UnitStyle { base: if si { Base::Si } else { Base::Iec }, rates_in_bits: bits, utc_offset_secs: 0 };
        let axis = ValueAxis::fitting(unit, style, maximum, log);
        prop_assert!(axis.upper().is_finite() && axis.upper() >= maximum);
        // Half of the height is used, unless so little is shown that it would be noise.
        let least = ValueAxis::fitting(unit, style, 0.0, log).upper();
        prop_assert!(log || axis.upper() <= maximum * 2.0 || axis.upper() == least);
        let ticks = axis.ticks(intervals);
        prop_assert!(ticks.len() >= 2 && ticks.len() <= intervals + 2, "{ticks:?}");
        prop_assert_eq!(ticks[0].value, 0.0);
        prop_assert!((axis.position(ticks[ticks.len() - 1].value) - 1.0).abs() < 1e-9);
        prop_assert!(ticks.windows(2).all(|pair| axis.position(pair[0].value) < axis.position(pair[1].value)));
        let mut labels: Vec<_> = ticks.iter().map(|tick| tick.label.clone()).collect();
        labels.dedup();
        prop_assert_eq!(labels.len(), ticks.len(), "labels differ");
        prop_assert!(ticks.iter().all(|tick| tick.label.chars().count() <= 12), "{ticks:?}");
        // The axis that fits its own upper bound is itself.
        prop_assert_eq!(ValueAxis::fitting(unit, style, axis.upper(), log), axis);
    }
}
