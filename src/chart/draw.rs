//! The strokes of a chart, on any plotters backend.
//!
//! Two layers: [`draw_frame`] (grid and labels), which changes only with the axis, the size or the theme and
//! is worth keeping as an image; and [`draw_series`], which is drawn at every tick. What costs is the
//! rasterising of strokes and the number of calls, so a series is one polyline per unbroken run, runs of
//! equal values are two points, and the grid is filled rectangles on whole device pixels.

use super::axis::{ValueAxis, time_ticks};
use super::layout::{GAP_PX, Layout, Look};
use super::palette::Rgb;
use super::trace::{Run, runs, value_at};
use crate::history::Point;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, Drawable, PointCollection, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};
use plotters_backend::{BackendCoord, DrawingBackend, DrawingErrorKind};

/// How the series of a chart are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A line each.
    #[default]
    Line,
    /// A line each, with a translucent area under it: for one series, or two.
    Filled,
    /// Areas upon one another; the points are the upper edges that [`crate::history::History::stack`] gives.
    Stacked,
}

/// One series of a chart.
#[derive(Debug, Clone, Copy)]
pub struct SeriesPicture<'a> {
    /// Its colour.
    pub color: Rgb,
    /// Its points, oldest first, as [`crate::history::History::window`] gives them.
    pub points: &'a [Point],
}

/// Everything that is seen on a chart.
#[derive(Debug, Clone, Copy)]
pub struct ChartPicture<'a> {
    /// Lines or areas.
    pub kind: Kind,
    /// Curves through the points, which never go beyond them, instead of straight lines.
    pub smooth: bool,
    /// The moment at the right edge, in the time of the points.
    pub to_ms: u64,
    /// How much time is shown.
    pub span_ms: u64,
    /// The value axis.
    pub axis: &'a ValueAxis,
    /// The series; the first is drawn on top, and at the bottom of a stack.
    pub series: &'a [SeriesPicture<'a>],
    /// The moment that is pointed at, in this chart or another one.
    pub crosshair_ms: Option<u64>,
    /// Colours, font, resolution.
    pub look: &'a Look<'a>,
}

/// What can go wrong is only what the backend reports.
pub type DrawError<DB> = DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>;

/// Above this, a dot on every line would hide the lines.
const MOST_DOTS: usize = 12;
/// Above this, lines are thinner: they lie closer than they are wide, and what costs is their area.
const MOST_THICK_LINES: usize = 8;

/// Draws a whole chart.
///
/// # Errors
/// What the backend reports.
pub fn draw<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    chart: &ChartPicture<'_>,
) -> Result<(), DrawError<DB>> {
    draw_frame(root, chart)?;
    draw_series(root, chart)
}

/// Draws the layer behind the series: background where wanted, grid, labels.
///
/// # Errors
/// What the backend reports.
pub fn draw_frame<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    chart: &ChartPicture<'_>,
) -> Result<(), DrawError<DB>> {
    let look = chart.look;
    let (width, height) = root.dim_in_pixel();
    let layout = Layout::new(width, height, look);
    let ink = |alpha| look.theme.foreground.mix(alpha);
    if look.fill_background {
        root.fill(&look.theme.background.mix(1.0))?;
    }
    if layout.is_empty() {
        return Ok(());
    }
    let line = look.snap(look.px(1.0)).max(1);
    let font = FontDesc::new(FontFamily::from(look.font_family), look.px(look.font_px), FontStyle::Normal);
    let label_ink = ink(0.72);
    let text = TextStyle::from(font).color(&label_ink);

    for tick in time_ticks(chart.span_ms, layout.time_intervals.max(1)) {
        let x = layout.x(0, tick.age_ms, chart.span_ms);
        let x = look.snap(x).min(layout.right - line);
        bar(root, (x, layout.top), (x + line, layout.bottom), ink(0.05))?;
        if layout.time_intervals > 0 {
            let at = match x {
                x if x <= layout.left => (layout.left, HPos::Left),
                _ if tick.age_ms == 0 => (layout.right, HPos::Right),
                x => (x, HPos::Center),
            };
            let below = layout.bottom + look.px(look.font_px * 1.45).round() as i32;
            root.draw_text(&tick.label, &text.pos(Pos::new(at.1, VPos::Bottom)), (at.0, below))?;
        }
    }
    for tick in chart.axis.ticks(layout.value_intervals.max(1)) {
        let y = look.snap(layout.y(chart.axis.position(tick.value))).min(layout.bottom - line);
        let alpha = if tick.value == 0.0 { 0.28 } else { 0.10 };
        bar(root, (layout.left, y), (layout.right, y + line), ink(alpha))?;
        if layout.value_intervals > 0 {
            let at = (layout.right + look.px(GAP_PX).round() as i32, y + line / 2);
            root.draw_text(&tick.label, &text.pos(Pos::new(HPos::Left, VPos::Center)), at)?;
        }
    }
    Ok(())
}

/// Draws the layer that changes at every tick: lines, areas, the crosshair.
///
/// # Errors
/// What the backend reports.
pub fn draw_series<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    chart: &ChartPicture<'_>,
) -> Result<(), DrawError<DB>> {
    let (width, height) = root.dim_in_pixel();
    let layout = Layout::new(width, height, chart.look);
    if layout.is_empty() {
        return Ok(());
    }
    match chart.kind {
        Kind::Stacked => stacked(root, chart, &layout)?,
        Kind::Line | Kind::Filled => lines(root, chart, &layout)?,
    }
    match chart.crosshair_ms {
        Some(time) => crosshair(root, chart, &layout, time),
        None => Ok(()),
    }
}

fn lines<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    chart: &ChartPicture<'_>,
    layout: &Layout,
) -> Result<(), DrawError<DB>> {
    let look = chart.look;
    let columns = look.logical(f64::from(layout.width())) as usize;
    let crowded =
        chart.series.len() > MOST_THICK_LINES || chart.series.iter().any(|s| s.points.len() > columns);
    let thick = if crowded { 1.0 } else { 1.5 };
    let alpha = if look.theme.dark { 0.22 } else { 0.16 };
    let mut path = vec![];
    // The first series matters most and is drawn last, over the others.
    for series in chart.series.iter().rev() {
        runs(chart, layout, series.points, |run| match run {
            Run::Dot(at) => dot(root, at, look.stroke(thick), series.color.mix(1.0)),
            Run::Line(points) => {
                if chart.kind == Kind::Filled {
                    path.clear();
                    path.extend_from_slice(points);
                    let (first, last) = (points[0].0, points[points.len() - 1].0);
                    path.extend([(last, layout.bottom), (first, layout.bottom)]);
                    root.draw(&Area { points: &path, color: series.color.mix(alpha) })?;
                }
                stroke(root, points, look.stroke(thick), series.color.mix(1.0))
            }
        })?;
    }
    Ok(())
}

fn stacked<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    chart: &ChartPicture<'_>,
    layout: &Layout,
) -> Result<(), DrawError<DB>> {
    let look = chart.look;
    let alpha = if look.theme.dark { 0.55 } else { 0.60 };
    // All edges have the same times and gaps, so the n-th run of one lies on the n-th run of the other.
    let mut below: Vec<Vec<BackendCoord>> = vec![];
    for series in chart.series {
        let mut above = vec![];
        runs(chart, layout, series.points, |run| {
            above.push(match run {
                Run::Dot(at) => vec![at],
                Run::Line(points) => points.to_vec(),
            });
            Ok::<_, DrawError<DB>>(())
        })?;
        for (n, edge) in above.iter().enumerate() {
            let (first, last) = (edge[0], edge[edge.len() - 1]);
            if edge.len() == 1 {
                dot(root, first, look.stroke(1.0), series.color.mix(1.0))?;
                continue;
            }
            let mut path = edge.clone();
            match below.get(n) {
                Some(lower) => path.extend(lower.iter().rev()),
                None => path.extend([(last.0, layout.bottom), (first.0, layout.bottom)]),
            }
            root.draw(&Area { points: &path, color: series.color.mix(alpha) })?;
        }
        below = above;
    }
    // The edges over the areas, so that no area covers half of a line.
    for series in chart.series.iter().rev() {
        runs(chart, layout, series.points, |run| match run {
            Run::Dot(_) => Ok(()),
            Run::Line(points) => stroke(root, points, look.stroke(1.0), series.color.mix(1.0)),
        })?;
    }
    Ok(())
}

fn crosshair<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    chart: &ChartPicture<'_>,
    layout: &Layout,
    time_ms: u64,
) -> Result<(), DrawError<DB>> {
    let look = chart.look;
    let x = layout.x(time_ms, chart.to_ms, chart.span_ms);
    if x < f64::from(layout.left) || x > f64::from(layout.right) {
        return Ok(());
    }
    let line = look.snap(look.px(1.0)).max(1);
    let left = look.snap(x - f64::from(line) / 2.0).clamp(layout.left, layout.right - line);
    bar(root, (left, layout.top), (left + line, layout.bottom), look.theme.foreground.mix(0.45))?;
    if chart.series.len() > MOST_DOTS {
        return Ok(());
    }
    for series in chart.series.iter().rev() {
        let Some(value) = value_at(series.points, time_ms) else { continue };
        let at = (x.round() as i32, layout.y(chart.axis.position(value)).round() as i32);
        dot(root, at, look.stroke(4.5), look.theme.background.mix(1.0))?;
        dot(root, at, look.stroke(3.0), series.color.mix(1.0))?;
    }
    Ok(())
}

fn bar<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    from: BackendCoord,
    to: BackendCoord,
    color: RGBAColor,
) -> Result<(), DrawError<DB>> {
    root.draw(&Rectangle::new([from, to], color.filled()))
}

fn dot<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    at: BackendCoord,
    radius: u32,
    color: RGBAColor,
) -> Result<(), DrawError<DB>> {
    root.draw(&Circle::new(at, radius, color.filled()))
}

fn stroke<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    points: &[BackendCoord],
    width: u32,
    color: RGBAColor,
) -> Result<(), DrawError<DB>> {
    root.draw(&Polyline { points, style: color.stroke_width(width) })
}

/// plotters' own `PathElement`, without a copy of its points.
struct Polyline<'a> {
    points: &'a [BackendCoord],
    style: ShapeStyle,
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Polyline<'_> {
    type Point = &'a BackendCoord;
    type IntoIter = &'a [BackendCoord];

    fn point_iter(self) -> Self::IntoIter {
        self.points
    }
}

impl<DB: DrawingBackend> Drawable<DB> for Polyline<'_> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        points: I,
        backend: &mut DB,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        backend.draw_path(points, &self.style)
    }
}

/// plotters' own `Polygon`, likewise.
struct Area<'a> {
    points: &'a [BackendCoord],
    color: RGBAColor,
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Area<'_> {
    type Point = &'a BackendCoord;
    type IntoIter = &'a [BackendCoord];

    fn point_iter(self) -> Self::IntoIter {
        self.points
    }
}

impl<DB: DrawingBackend> Drawable<DB> for Area<'_> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        points: I,
        backend: &mut DB,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        backend.fill_polygon(points, &self.color.filled())
    }
}
