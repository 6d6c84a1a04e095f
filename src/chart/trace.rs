//! From points in time to points on the drawing: scaling, curves, clipping, thinning.

use super::draw::ChartPicture;
use super::layout::Layout;
use crate::history::Point;
use plotters_backend::BackendCoord;

/// A stretch of a series without a gap.
pub(super) enum Run<'a> {
    /// A single value, which a line cannot show.
    Dot(BackendCoord),
    /// Two points or more, from left to right.
    Line(&'a [BackendCoord]),
}

/// A curve is drawn in pieces of so many logical pixels.
const PIECE_PX: f64 = 2.0;

/// Calls `each` for every stretch of `points` that lies in the plot, cut off at its edges.
pub(super) fn runs<E>(
    chart: &ChartPicture<'_>,
    layout: &Layout,
    points: &[Point],
    mut each: impl FnMut(Run<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut exact, mut path) = (vec![], vec![]);
    for run in points.chunk_by(|_, next| next.joined) {
        exact.clear();
        exact.extend(run.iter().map(|point| {
            let y = layout.y(chart.axis.position(f64::from(point.value)));
            (layout.x(point.time_ms, chart.to_ms, chart.span_ms), y)
        }));
        let piece = chart.look.px(PIECE_PX);
        path.clear();
        let mut to = Clip { left: f64::from(layout.left), right: f64::from(layout.right), path: &mut path };
        to.start(exact[0]);
        for n in 1..exact.len() {
            if chart.smooth {
                curve(&exact, n, piece, &mut |from, at| to.line(from, at));
            } else {
                to.line(exact[n - 1], exact[n]);
            }
        }
        match path[..] {
            [] => {}
            [at] => each(Run::Dot(at))?,
            _ => each(Run::Line(&path))?,
        }
    }
    Ok(())
}

/// The value of a series at a moment, on the straight line between its neighbours; none in a gap.
pub(super) fn value_at(points: &[Point], time_ms: u64) -> Option<f64> {
    let next = points.partition_point(|point| point.time_ms < time_ms);
    let after = points.get(next)?;
    if after.time_ms == time_ms {
        return Some(f64::from(after.value));
    }
    let before = points.get(next.checked_sub(1)?).filter(|_| after.joined)?;
    let share = (time_ms - before.time_ms) as f64 / (after.time_ms - before.time_ms) as f64;
    Some(f64::from(before.value) + share * f64::from(after.value - before.value))
}

type Exact = (f64, f64);

/// The piece of a cubic curve that leads to point `n`, as short straight lines. Its slopes are limited
/// (M. Steffen, "A simple method for monotonic interpolation in one dimension", 1990), so that the curve
/// never leaves the range of the two points: it must not show a value that was not measured.
fn curve(points: &[Exact], n: usize, piece: f64, line: &mut impl FnMut(Exact, Exact)) {
    let (from, to) = (points[n - 1], points[n]);
    let width = to.0 - from.0;
    let pieces = (width / piece).ceil().clamp(1.0, 32.0) as u32;
    let (start, end) = (slope(points, n - 1), slope(points, n));
    let straight = (to.1 - from.1) / width;
    if pieces == 1 || (start == straight && end == straight) {
        return line(from, to);
    }
    let mut last = from;
    for piece in 1..=pieces {
        let t = f64::from(piece) / f64::from(pieces);
        let a = (start + end - 2.0 * straight) * width;
        let b = (3.0 * straight - 2.0 * start - end) * width;
        let y = ((a * t + b) * t + start * width) * t + from.1;
        let at = if piece == pieces { to } else { (from.0 + t * width, y) };
        line(last, at);
        last = at;
    }
}

fn slope(points: &[Exact], n: usize) -> f64 {
    let secant = |n: usize| (points[n + 1].1 - points[n].1) / (points[n + 1].0 - points[n].0);
    match n {
        0 => secant(0),
        n if n + 1 == points.len() => secant(n - 1),
        n => {
            let (left, right) = (secant(n - 1), secant(n));
            if left * right <= 0.0 {
                return 0.0;
            }
            let (before, after) = (points[n].0 - points[n - 1].0, points[n + 1].0 - points[n].0);
            let mean = (left * after + right * before) / (before + after);
            let least = left.abs().min(right.abs()).min(mean.abs() / 2.0);
            2.0 * least.copysign(left)
        }
    }
}

/// Rounds to backend units, cuts at the left and right edge and leaves out what does not bend the line.
struct Clip<'a> {
    left: f64,
    right: f64,
    path: &'a mut Vec<BackendCoord>,
}

impl Clip<'_> {
    fn start(&mut self, at: Exact) {
        if (self.left..=self.right).contains(&at.0) {
            self.push(at);
        }
    }

    fn line(&mut self, from: Exact, to: Exact) {
        if to.0 < self.left || from.0 > self.right {
            return;
        }
        let y_at = |x: f64| from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0);
        if from.0 < self.left {
            self.push((self.left, y_at(self.left)));
        }
        self.push(if to.0 > self.right { (self.right, y_at(self.right)) } else { to });
    }

    fn push(&mut self, at: Exact) {
        let at = (at.0.round() as i32, at.1.round() as i32);
        match self.path[..] {
            [.., last] if last == at => return,
            // The middle one of three at the same height is not seen.
            [.., before, last] if before.1 == at.1 && last.1 == at.1 => {
                self.path.pop();
            }
            _ => {}
        }
        self.path.push(at);
    }
}
