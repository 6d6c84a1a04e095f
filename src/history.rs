//! What a chart remembers: one time axis, one column of numbers per series, in bounded memory.
//!
//! A ring of rows. A row is one tick: its time, whether it follows on the row before it, and one `f32` per
//! series (a chart is 400 to 4,000 pixels high, so 24 bits are enough). Series come and go with the things
//! they show (a CPU goes offline, an interface is plugged in); where a series has no value its line is
//! interrupted, and it is forgotten once none of its values is left. Nothing here draws or knows a unit.

use std::ops::Range;
use std::sync::Arc;

/// No chart remembers more than one hour.
pub const MAX_SPAN_MS: u64 = 3_600_000;
/// Rows at the shortest interval, 0.25 s, over [`MAX_SPAN_MS`].
pub const MAX_ROWS: usize = 14_400;
/// Series of one chart; beyond it the one that was not seen for longest makes room.
pub const MAX_SERIES: usize = 1_024;

/// One value of one series, on its way to the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When it was sampled, in milliseconds of the monotonic clock.
    pub time_ms: u64,
    /// The value; always finite.
    pub value: f32,
    /// Whether a line leads here from the point before; `false` after a gap and for a series' first point.
    pub joined: bool,
}

/// The rows that a chart remembers.
#[derive(Debug, Clone)]
pub struct History {
    capacity: usize,
    /// Slot of the oldest row; the rings grow until `capacity` and only then wrap.
    oldest: usize,
    rows_pushed: u64,
    times: Vec<u64>,
    gaps: Vec<bool>,
    series: Vec<Series>,
}

#[derive(Debug, Clone)]
struct Series {
    name: Arc<str>,
    /// One per row in the slot order of `times`; NaN, which never leaves this module, where absent.
    values: Vec<f32>,
    /// `rows_pushed` when the series was last named.
    seen: u64,
}

impl History {
    /// A history of `span_ms` (at most one hour) at one row per `interval_ms`.
    #[must_use]
    pub fn new(span_ms: u64, interval_ms: u64) -> Self {
        let capacity = rows_for(span_ms, interval_ms);
        Self { capacity, oldest: 0, rows_pushed: 0, times: vec![], gaps: vec![], series: vec![] }
    }

    /// Adapts to another span or interval and keeps the newest rows that fit.
    pub fn resize(&mut self, span_ms: u64, interval_ms: u64) {
        let capacity = rows_for(span_ms, interval_ms);
        if capacity == self.capacity {
            return;
        }
        let oldest = self.oldest;
        let dropped = self.times.len().saturating_sub(capacity);
        straighten(&mut self.times, oldest, dropped);
        straighten(&mut self.gaps, oldest, dropped);
        for series in &mut self.series {
            straighten(&mut series.values, oldest, dropped);
        }
        self.capacity = capacity;
        self.oldest = 0;
    }

    /// Appends one tick: its monotonic time, whether time was lost before it (suspend, stop, another
    /// source), and the value of each series, absent where there is none. O(1) per series as long as the
    /// series are named in much the same order each time.
    ///
    /// Returns `false`, and changes nothing, when the time is not after that of the newest row.
    pub fn push<'a>(
        &mut self,
        time_ms: u64,
        gap: bool,
        values: impl IntoIterator<Item = (&'a str, Option<f64>)>,
    ) -> bool {
        if self.last_time().is_some_and(|last| time_ms <= last) {
            return false;
        }
        let slot = self.make_row(time_ms, gap);
        let mut expected = 0;
        for (name, value) in values {
            let Some(at) = self.find_or_add(name, expected) else { continue };
            expected = at + 1;
            let series = &mut self.series[at];
            series.seen = self.rows_pushed;
            // What overflows an f32 is no measurement.
            if let Some(value) = value.map(|v| v as f32).filter(|v| v.is_finite()) {
                series.values[slot] = value;
            }
        }
        let (now, capacity) = (self.rows_pushed, self.capacity as u64);
        self.series.retain(|series| now - series.seen < capacity);
        true
    }

    /// Forgets everything, as after a jump to another time or another machine.
    pub fn clear(&mut self) {
        *self = Self { capacity: self.capacity, ..Self::new(0, 1) };
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The most rows that are kept.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The names of the series, in the order in which they were first seen.
    pub fn series(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.series.iter().map(|series| &series.name)
    }

    /// Time of the oldest row.
    #[must_use]
    pub fn first_time(&self) -> Option<u64> {
        (!self.is_empty()).then(|| self.time(0))
    }

    /// Time of the newest row.
    #[must_use]
    pub fn last_time(&self) -> Option<u64> {
        self.len().checked_sub(1).map(|row| self.time(row))
    }

    /// The time of the row nearest to `time_ms`, where a crosshair snaps to.
    #[must_use]
    pub fn nearest_time(&self, time_ms: u64) -> Option<u64> {
        let after = self.first_row_at(time_ms);
        let candidates = after.saturating_sub(1)..(after + 1).min(self.len());
        candidates.map(|row| self.time(row)).min_by_key(|time| time.abs_diff(time_ms))
    }

    /// The value of a series in the row of exactly `time_ms`.
    #[must_use]
    pub fn value_at(&self, series: &str, time_ms: u64) -> Option<f32> {
        let row = self.first_row_at(time_ms);
        (row < self.len() && self.time(row) == time_ms).then_some(())?;
        self.value(self.find(series)?, row)
    }

    /// The value of a series in the newest row.
    #[must_use]
    pub fn latest(&self, series: &str) -> Option<f32> {
        self.value(self.find(series)?, self.len().checked_sub(1)?)
    }

    /// Smallest and largest value of a series from `from_ms` to `to_ms`.
    #[must_use]
    pub fn range(&self, series: &str, from_ms: u64, to_ms: u64) -> Option<(f32, f32)> {
        let series = self.find(series)?;
        let rows = self.first_row_at(from_ms)..self.first_row_at(to_ms.saturating_add(1));
        rows.filter_map(|row| self.value(series, row)).fold(None, |range, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        })
    }

    /// The points of a series to draw from `from_ms` to `to_ms` on `pixels` columns, oldest first, replacing
    /// what is in `out`. One point before and one after are included, so that the line reaches the edges.
    ///
    /// Where a column covers many rows, the first, the lowest, the highest and the last of them are kept:
    /// the picture is the same as with all of them, and no spike is lost. Columns lie at multiples of their
    /// width in time, so that the picture does not shimmer as it moves.
    pub fn window(&self, series: &str, from_ms: u64, to_ms: u64, pixels: u32, out: &mut Vec<Point>) {
        out.clear();
        let Some(series) = self.find(series) else { return };
        let value = |row| self.value(series, row);
        self.select(from_ms, to_ms, pixels, value, |row, value, joined| {
            out.push(Point { time_ms: self.time(row), value, joined });
        });
    }

    /// The upper edges of stacked areas: `out[k]` is the sum of the first `k + 1` of `series`, all at the
    /// same times. An absent value counts as nothing, a row without any value is a gap. Columns are thinned
    /// as in [`Self::window`] by the sum of all.
    pub fn stack(&self, series: &[&str], from_ms: u64, to_ms: u64, pixels: u32, out: &mut Vec<Vec<Point>>) {
        out.resize_with(series.len(), Vec::new);
        out.iter_mut().for_each(Vec::clear);
        let columns: Vec<_> = series.iter().map(|name| self.find(name)).collect();
        let value = |at: &Option<usize>, row| at.and_then(|at| self.value(at, row));
        let total = |row| {
            let mut values = columns.iter().filter_map(|at| value(at, row));
            let first = values.next()?;
            Some(values.fold(first, |sum, value| sum + value))
        };
        self.select(from_ms, to_ms, pixels, total, |row, _, joined| {
            let mut sum = 0.0;
            for (at, points) in columns.iter().zip(out.iter_mut()) {
                sum += value(at, row).unwrap_or(0.0);
                points.push(Point { time_ms: self.time(row), value: sum, joined });
            }
        });
    }

    /// Hands over the rows that have to be drawn, with their value and whether they join on.
    fn select(
        &self,
        from_ms: u64,
        to_ms: u64,
        pixels: u32,
        value: impl Fn(usize) -> Option<f32>,
        mut emit: impl FnMut(usize, f32, bool),
    ) {
        let rows = self.first_row_at(from_ms).saturating_sub(1)
            ..(self.first_row_at(to_ms.saturating_add(1)) + 1).min(self.len());
        let column_ms = to_ms.saturating_sub(from_ms).div_ceil(u64::from(pixels.max(1))).max(1);
        let all = rows.len() <= pixels as usize;
        let mut column: Option<Column> = None;
        let mut before = false;
        for row in rows {
            let Some(now) = value(row) else {
                before = false;
                continue;
            };
            let joined = before && !self.gaps[self.slot(row)];
            before = true;
            let id = self.time(row) / column_ms;
            match &mut column {
                Some(open) if joined && open.id == id && !all => open.add(row, now),
                _ => {
                    if let Some(done) = column.replace(Column::new(id, row, now, joined)) {
                        done.emit(&mut emit);
                    }
                }
            }
        }
        if let Some(done) = column {
            done.emit(&mut emit);
        }
    }

    fn slot(&self, row: usize) -> usize {
        let slot = self.oldest + row;
        if slot < self.times.len() { slot } else { slot - self.times.len() }
    }

    fn time(&self, row: usize) -> u64 {
        self.times[self.slot(row)]
    }

    fn value(&self, series: usize, row: usize) -> Option<f32> {
        let value = self.series[series].values[self.slot(row)];
        (!value.is_nan()).then_some(value)
    }

    /// The first row that is not before `time_ms`; the number of rows when there is none.
    fn first_row_at(&self, time_ms: u64) -> usize {
        let Range { mut start, mut end } = 0..self.len();
        while start < end {
            let middle = start + (end - start) / 2;
            if self.time(middle) < time_ms { start = middle + 1 } else { end = middle }
        }
        start
    }

    /// A row in which every series is absent, in the slot that is returned.
    fn make_row(&mut self, time_ms: u64, gap: bool) -> usize {
        self.rows_pushed += 1;
        if self.times.len() < self.capacity {
            self.times.push(time_ms);
            self.gaps.push(gap);
            self.series.iter_mut().for_each(|series| series.values.push(f32::NAN));
            return self.times.len() - 1;
        }
        let slot = self.oldest;
        self.times[slot] = time_ms;
        self.gaps[slot] = gap;
        self.series.iter_mut().for_each(|series| series.values[slot] = f32::NAN);
        self.oldest = (slot + 1) % self.capacity;
        slot
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.series.iter().position(|series| *series.name == *name)
    }

    /// The series of that name, sought first where the tick before had it.
    fn find_or_add(&mut self, name: &str, expected: usize) -> Option<usize> {
        let expected = expected.min(self.series.len());
        let (before, after) = self.series.split_at(expected);
        let is_it = |series: &Series| *series.name == *name;
        if let Some(at) = after.iter().position(is_it) {
            return Some(expected + at);
        }
        if let Some(at) = before.iter().position(is_it) {
            return Some(at);
        }
        if self.series.len() >= MAX_SERIES {
            let (at, longest) = self.series.iter().enumerate().min_by_key(|(_, series)| series.seen)?;
            if longest.seen == self.rows_pushed {
                return None;
            }
            self.series.remove(at);
        }
        let values = vec![f32::NAN; self.times.len()];
        self.series.push(Series { name: name.into(), values, seen: self.rows_pushed });
        Some(self.series.len() - 1)
    }
}

/// The rows of one pixel column that follow on one another.
struct Column {
    id: u64,
    joined: bool,
    first: (usize, f32),
    low: (usize, f32),
    high: (usize, f32),
    last: (usize, f32),
}

impl Column {
    fn new(id: u64, row: usize, value: f32, joined: bool) -> Self {
        let only = (row, value);
        Self { id, joined, first: only, low: only, high: only, last: only }
    }

    fn add(&mut self, row: usize, value: f32) {
        self.last = (row, value);
        if value < self.low.1 {
            self.low = self.last;
        }
        if value > self.high.1 {
            self.high = self.last;
        }
    }

    fn emit(self, emit: &mut impl FnMut(usize, f32, bool)) {
        let (one, other) =
            if self.low.0 < self.high.0 { (self.low, self.high) } else { (self.high, self.low) };
        let mut previous = None;
        for (row, value) in [self.first, one, other, self.last] {
            if previous != Some(row) {
                emit(row, value, if previous.is_none() { self.joined } else { true });
                previous = Some(row);
            }
        }
    }
}

fn rows_for(span_ms: u64, interval_ms: u64) -> usize {
    // One more than fits, for the point that leads in from the left edge.
    let rows = span_ms.min(MAX_SPAN_MS).div_ceil(interval_ms.max(1)) + 1;
    usize::try_from(rows).unwrap_or(MAX_ROWS).clamp(2, MAX_ROWS + 1)
}

/// Puts the oldest first and drops the `dropped` oldest, with their memory.
fn straighten<T>(ring: &mut Vec<T>, oldest: usize, dropped: usize) {
    ring.rotate_left(oldest);
    ring.drain(..dropped);
    ring.shrink_to_fit();
}
