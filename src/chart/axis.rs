//! Where a value stands on a chart and what is written beside it.
//!
//! Steps follow the unit: powers of two for IEC sizes, 1-2-5 for everything decimal, quarters for percent.
//! An axis that follows its data ([`AutoAxis`]) grows at once, so that no value is cut off, and shrinks only
//! after the data has been low for a while, so that it does not jump.

use crate::units::{Base, UNIT_SPACE, Unit, UnitStyle, ladder};
use std::fmt::Write;

/// How long the maximum must stay below half of the upper bound before an [`AutoAxis`] shrinks.
pub const SHRINK_AFTER_MS: u64 = 5_000;

/// A labelled value on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// The value, in the axis' unit.
    pub value: f64,
    /// What is written beside it.
    pub label: String,
}

/// A value axis from zero to an upper bound.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueAxis {
    unit: Unit,
    style: UnitStyle,
    /// In the unit of the values; above zero and finite.
    upper: f64,
    log: bool,
}

impl ValueAxis {
    /// 0 to 100 %.
    #[must_use]
    pub fn percent() -> Self {
        Self::up_to(Unit::Fraction, UnitStyle::default(), 1.0)
    }

    /// An axis that ends exactly at `upper`, such as the memory that a machine has.
    #[must_use]
    pub fn up_to(unit: Unit, style: UnitStyle, upper: f64) -> Self {
        let upper = if upper.is_finite() && upper > 0.0 { upper } else { least_upper(unit, &style) };
        Self { unit, style, upper, log: false }
    }

    /// The axis that ends at the first sensible value not below `maximum`. A logarithmic one gives each
    /// power the same room, so that 4 KiB/s and 400 MiB/s are both seen.
    #[must_use]
    pub fn fitting(unit: Unit, style: UnitStyle, maximum: f64, log: bool) -> Self {
        let axis = Self { log, ..Self::up_to(unit, style, least_upper(unit, &style)) };
        let maximum = if maximum.is_finite() { maximum.max(axis.upper) } else { axis.upper };
        let shown = maximum * axis.factor();
        let upper = if log {
            axis.power_not_below(shown)
        } else {
            let step = axis.step(shown);
            (shown / step).ceil() * step
        };
        Self { upper: upper / axis.factor(), ..axis }
    }

    /// The value at the top.
    #[must_use]
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// The unit of the values.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Where `value` stands, from 0 at the bottom to 1 at the top; values beyond the ends stand at the ends.
    #[must_use]
    pub fn position(&self, value: f64) -> f64 {
        let share = if self.log {
            // ln(1 + v) has a place for zero and is as good as ln(v) above it.
            (value.max(0.0) * self.factor()).ln_1p() / (self.upper * self.factor()).ln_1p()
        } else {
            value / self.upper
        };
        share.clamp(0.0, 1.0)
    }

    /// The values to label, from zero upwards, at most `intervals` apart from one another.
    #[must_use]
    pub fn ticks(&self, intervals: usize) -> Vec<Tick> {
        let intervals = intervals.max(1);
        let values = if self.log { self.log_values(intervals) } else { self.linear_values(intervals) };
        values.into_iter().map(|value| Tick { value, label: self.label(value) }).collect()
    }

    /// A value in as few digits as say it exactly enough: `25 %`, `512 KiB/s`, `1.25 MiB/s`, `10 k`.
    #[must_use]
    pub fn label(&self, value: f64) -> String {
        label(self.unit, &self.style, value)
    }

    fn linear_values(&self, intervals: usize) -> Vec<f64> {
        let shown = self.upper * self.factor();
        let step = if self.unit == Unit::Fraction && self.upper == 1.0 { 25.0 } else { self.step(shown) };
        // An upper bound that is no multiple of the step (25.3 GB of memory) has no label of its own.
        let steps = (shown / step * (1.0 + 1e-9)).floor() as usize;
        let stride = (1..=steps)
            .find(|stride| steps.is_multiple_of(*stride) && steps / stride <= intervals)
            .unwrap_or(1);
        (0..=steps).step_by(stride).map(|n| n as f64 * step / self.factor()).collect()
    }

    fn log_values(&self, intervals: usize) -> Vec<f64> {
        let top = (self.upper * self.factor()).ln_1p();
        let base = self.log_base();
        let powers = (self.upper * self.factor()).log(base).round() as i32;
        let stride = (1..).find(|stride| base.ln() * f64::from(*stride) / top * intervals as f64 >= 0.9);
        let mut values: Vec<f64> = (0..=powers)
            .rev()
            .step_by(stride.unwrap_or(1) as usize)
            .map(|power| base.powi(power) / self.factor())
            // Next to zero there is no room for another label.
            .filter(|value| self.position(*value) * intervals as f64 >= 0.8)
            .collect();
        values.push(0.0);
        values.reverse();
        values
    }

    /// From the unit of the values to that of the labels.
    fn factor(&self) -> f64 {
        match self.unit {
            Unit::Bytes | Unit::BytesPerSecond => ladder(self.unit, &self.style).1,
            Unit::Fraction => 100.0,
            _ => 1.0,
        }
    }

    /// The smallest step that reaches `shown` in at most five.
    fn step(&self, shown: f64) -> f64 {
        let binary = is_binary(self.unit, &self.style);
        let least = if matches!(self.unit, Unit::Count | Unit::Bytes) { 1.0 } else { 0.0 };
        let finest = shown / 5.0;
        let mut step =
            if binary { 2_f64.powf(finest.log2().floor()) } else { 10_f64.powf(finest.log10().floor()) };
        let factors: &[f64] = if binary { &[2.0] } else { &[2.0, 2.5, 2.0] };
        let mut factors = factors.iter().cycle();
        while step < least || (shown / step * (1.0 - 1e-9)).ceil() > 5.0 {
            step *= factors.next().copied().unwrap_or(2.0);
        }
        step
    }

    fn log_base(&self) -> f64 {
        // Two powers to each unit of the IEC ladder: 1, 32, 1 Ki, 32 Ki…
        if is_binary(self.unit, &self.style) { 32.0 } else { 10.0 }
    }

    fn power_not_below(&self, shown: f64) -> f64 {
        let mut power = self.log_base();
        while power < shown {
            power *= self.log_base();
        }
        power
    }
}

/// An axis whose upper bound follows its data without jumping.
#[derive(Debug, Clone)]
pub struct AutoAxis {
    axis: ValueAxis,
    /// Since when the data is low, and how high it was in that time.
    low: Option<(u64, f64)>,
}

impl AutoAxis {
    /// An axis with the smallest range that makes sense for the unit.
    #[must_use]
    pub fn new(unit: Unit, style: UnitStyle, log: bool) -> Self {
        Self { axis: ValueAxis::fitting(unit, style, 0.0, log), low: None }
    }

    /// Follows the largest value in the window at `now_ms`. Returns whether the axis changed, so that its
    /// labels must be drawn anew.
    pub fn follow(&mut self, now_ms: u64, maximum: f64) -> bool {
        let maximum = if maximum.is_finite() { maximum } else { 0.0 };
        let mut target = None;
        if maximum > self.axis.upper {
            self.low = None;
            target = Some(maximum);
        } else if maximum * 2.0 >= self.axis.upper {
            self.low = None;
        } else {
            let (since, highest) = self.low.unwrap_or((now_ms, maximum));
            let highest = highest.max(maximum);
            self.low = Some((since, highest));
            if now_ms.saturating_sub(since) >= SHRINK_AFTER_MS {
                self.low = None;
                target = Some(highest);
            }
        }
        let Some(target) = target else { return false };
        let next = ValueAxis::fitting(self.axis.unit, self.axis.style, target, self.axis.log);
        let changed = next != self.axis;
        self.axis = next;
        changed
    }

    /// The axis as it stands.
    #[must_use]
    pub fn axis(&self) -> &ValueAxis {
        &self.axis
    }
}

/// A labelled age on the time axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTick {
    /// Milliseconds before the newest moment shown.
    pub age_ms: u64,
    /// `50 s`, `1 min`, `0`.
    pub label: String,
}

/// The ages to label, oldest first, in a span and with room for so many labels beside the `0`.
#[must_use]
pub fn time_ticks(span_ms: u64, intervals: usize) -> Vec<TimeTick> {
    const STEPS: [u64; 14] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800];
    let span_secs = span_ms / 1_000;
    let intervals = intervals.max(1) as u64;
    // Several minutes are counted in minutes: "4 min", not "270 s".
    let fits = |step: &u64| span_secs / step <= intervals && (span_secs <= 120 || *step >= 60);
    let even = |step: &u64| span_secs.is_multiple_of(*step);
    // Up to twice the closest step is good enough when it also has a label at the left edge.
    let closest = STEPS.iter().copied().find(fits).unwrap_or(STEPS[STEPS.len() - 1]);
    let near = |step: &u64| (closest..=2 * closest).contains(step);
    let step = STEPS.iter().copied().filter(near).find(even).unwrap_or(closest);
    (0..=span_secs / step)
        .rev()
        .map(|n| TimeTick { age_ms: n * step * 1_000, label: age_label(n * step) })
        .collect()
}

/// An age or a span in its natural unit: `50 s`, `90 s`, `5 min`, `1 h`.
pub(super) fn age_label(secs: u64) -> String {
    match secs {
        0 => "0".to_owned(),
        _ if secs.is_multiple_of(3_600) => std::format!("{}{UNIT_SPACE}h", secs / 3_600),
        _ if secs.is_multiple_of(60) => std::format!("{}{UNIT_SPACE}min", secs / 60),
        _ => std::format!("{secs}{UNIT_SPACE}s"),
    }
}

fn is_binary(unit: Unit, style: &UnitStyle) -> bool {
    matches!(unit, Unit::Bytes | Unit::BytesPerSecond) && style.base == Base::Iec
}

/// Below this an axis would show noise as if it were much.
fn least_upper(unit: Unit, style: &UnitStyle) -> f64 {
    match unit {
        Unit::Bytes | Unit::BytesPerSecond => {
            let (ladder, factor) = ladder(unit, style);
            ladder.step / factor
        }
        Unit::Fraction => 0.01,
        Unit::CountPerSecond | Unit::Celsius => 10.0,
        Unit::Count => 4.0,
        Unit::Hertz => 1e6,
        _ => 1.0,
    }
}

/// As [`crate::units::format()`], but with as few decimals as needed: an axis steps in round numbers.
pub(super) fn label(unit: Unit, style: &UnitStyle, value: f64) -> String {
    const NONE: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    const MILLISECONDS: [&str; 7] = ["ms", "s", "ks", "Ms", "Gs", "Ts", "Ps"];
    let (mut shown, step, names, suffix) = match unit {
        Unit::Bytes | Unit::BytesPerSecond => {
            let (ladder, factor) = ladder(unit, style);
            (value * factor, ladder.step, &ladder.names, "")
        }
        Unit::Fraction => (value * 100.0, f64::INFINITY, &NONE, "%"),
        Unit::CountPerSecond => (value, 1000.0, &NONE, "/s"),
        Unit::Hertz => (value, 1000.0, &NONE, "Hz"),
        Unit::Celsius => (value, 1000.0, &NONE, "°C"),
        Unit::Watts => (value, 1000.0, &NONE, "W"),
        Unit::Milliseconds => (value, 1000.0, &MILLISECONDS, ""),
        Unit::Seconds | Unit::CpuTime => (value, f64::INFINITY, &NONE, "s"),
        Unit::Count | Unit::Time | Unit::Text => (value, 1000.0, &NONE, ""),
    };
    let mut rung = 0;
    while shown.abs() >= step && rung + 1 < names.len() {
        shown /= step;
        rung += 1;
    }
    let mut out = String::new();
    // Hundredths are enough for halves and quarters of a step.
    let hundredths = (shown * 100.0).round();
    let decimals = if hundredths % 100.0 == 0.0 { 0 } else { 1 + usize::from(hundredths % 10.0 != 0.0) };
    let _ = write!(out, "{:.decimals$}", hundredths / 100.0);
    if !(names[rung].is_empty() && suffix.is_empty()) {
        out.push(UNIT_SPACE);
        out.push_str(names[rung]);
        out.push_str(suffix);
    }
    out
}
