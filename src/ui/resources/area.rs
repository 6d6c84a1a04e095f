//! The widget that a chart is drawn on.
//!
//! Grid and labels are kept as an image and drawn anew only when they change; each tick draws the lines.
//! plotters knows whole numbers only, so it is given a grid finer than the pixels.

use std::cell::RefCell;
use std::rc::Rc;

use plotters::prelude::IntoDrawingArea;
use plotters_cairo::CairoBackend;
use relm4::adw;
use relm4::gtk::prelude::*;
use relm4::gtk::{self, cairo};

use gnomon::chart::palette::series_color;
use gnomon::chart::{AutoAxis, ChartPicture, Look, SeriesPicture, Theme, ValueAxis, draw_frame, draw_series};
use gnomon::charts::{Chart, Range, Series};
use gnomon::history::{History, Point};
use gnomon::units::UnitStyle;

use crate::ui::accessible::labelled;

/// Backend units per device pixel.
const UNITS: u32 = 4;

/// The chart's widget and what it draws.
pub struct ChartArea {
    widget: gtk::DrawingArea,
    state: Rc<RefCell<State>>,
}

struct State {
    kind: gnomon::chart::Kind,
    history: History,
    span_ms: u64,
    keys: Vec<String>,
    axis: Axis,
    frame: Option<Frame>,
    /// One buffer a line, kept between draws.
    points: Vec<Vec<Point>>,
}

enum Axis {
    Fixed(ValueAxis),
    Following(AutoAxis),
}

/// The layer behind the lines, and what it was drawn for.
struct Frame {
    image: cairo::ImageSurface,
    size: (i32, i32, i32),
    dark: bool,
    span_ms: u64,
    axis: ValueAxis,
}

impl ChartArea {
    /// An empty chart.
    #[must_use]
    pub fn new(chart: &Chart, style: UnitStyle, history: History, span_ms: u64) -> Self {
        let widget: gtk::DrawingArea = labelled(&format!("{} Chart", chart.title));
        widget.set_content_height(160);
        widget.set_hexpand(true);
        let state = State {
            kind: chart.kind,
            history,
            span_ms,
            keys: Vec::new(),
            axis: Axis::of(chart, style),
            frame: None,
            points: Vec::new(),
        };
        let state = Rc::new(RefCell::new(state));
        let drawn = Rc::clone(&state);
        widget.set_draw_func(move |area, context, width, height| {
            // A surface that cairo cannot draw on leaves the chart empty; the next tick tries again.
            let _ = drawn.borrow_mut().draw(area, context, width, height);
        });
        Self { widget, state }
    }

    /// The widget to place.
    #[must_use]
    pub fn widget(&self) -> &gtk::DrawingArea {
        &self.widget
    }

    /// Remembers a moment.
    pub fn push(&self, time_ms: u64, gap: bool, series: &[Series]) {
        let mut state = self.state.borrow_mut();
        state.history.push(time_ms, gap, series.iter().map(|line| (&*line.key, line.value)));
        if state.keys.len() != series.len()
            || state.keys.iter().zip(series).any(|(key, line)| *key != line.key)
        {
            state.keys = series.iter().map(|line| line.key.to_string()).collect();
        }
    }

    /// Draws what was remembered.
    pub fn redraw(&self) {
        self.widget.queue_draw();
    }

    /// Applies changed settings; the history stays.
    pub fn apply(&self, chart: &Chart, style: UnitStyle, size: (u64, u64), span_ms: u64) {
        let mut state = self.state.borrow_mut();
        state.history.resize(size.0, size.1);
        state.axis = Axis::of(chart, style);
        state.span_ms = span_ms;
        self.widget.queue_draw();
    }
}

impl Axis {
    fn of(chart: &Chart, style: UnitStyle) -> Self {
        match chart.range {
            Range::Percent => Self::Fixed(ValueAxis::percent()),
            Range::Fitting => Self::Following(AutoAxis::new(chart.unit, style, false)),
        }
    }

    fn axis(&self) -> &ValueAxis {
        match self {
            Self::Fixed(axis) => axis,
            Self::Following(auto) => auto.axis(),
        }
    }
}

impl State {
    fn draw(
        &mut self,
        area: &gtk::DrawingArea,
        context: &cairo::Context,
        width: i32,
        height: i32,
    ) -> Result<(), cairo::Error> {
        let scale = area.scale_factor();
        let dark = adw::StyleManager::default().is_dark();
        let look = Look {
            scale: f64::from(scale),
            units: UNITS,
            ..Look::new(if dark { Theme::DARK } else { Theme::LIGHT })
        };
        let to_ms = self.history.last_time().unwrap_or(0);
        self.take_points(to_ms, width * scale);
        let series: Vec<_> = self
            .points
            .iter()
            .enumerate()
            .map(|(index, points)| SeriesPicture { color: series_color(index, dark), points })
            .collect();
        let picture = ChartPicture {
            kind: self.kind,
            smooth: false,
            to_ms,
            span_ms: self.span_ms,
            axis: self.axis.axis(),
            series: &series,
            crosshair_ms: None,
            look: &look,
        };
        let size = (width, height, scale);
        let fits = self.frame.as_ref().is_some_and(|frame| frame.fits(size, &picture));
        if !fits {
            self.frame = Some(Frame::draw(size, &picture)?);
        }
        if let Some(frame) = &self.frame {
            context.set_source_surface(&frame.image, 0.0, 0.0)?;
            context.paint()?;
        }
        on_fine_grid(context, size, |root| drop(draw_series(root, &picture)))
    }

    /// Takes the lines of the visible time and lets the axis follow them.
    fn take_points(&mut self, to_ms: u64, pixels: i32) {
        let from_ms = to_ms.saturating_sub(self.span_ms);
        let pixels = u32::try_from(pixels).unwrap_or(1);
        self.points.resize_with(self.keys.len(), Vec::new);
        for (key, points) in self.keys.iter().zip(&mut self.points) {
            points.clear();
            self.history.window(key, from_ms, to_ms, pixels, points);
        }
        if let Axis::Following(axis) = &mut self.axis {
            let highest = |key: &String| self.history.range(key, from_ms, to_ms).map(|range| range.1);
            let maximum = self.keys.iter().filter_map(highest).fold(0.0, f32::max);
            axis.follow(to_ms, f64::from(maximum));
        }
    }
}

impl Frame {
    fn draw(size: (i32, i32, i32), picture: &ChartPicture<'_>) -> Result<Self, cairo::Error> {
        let (width, height, scale) = size;
        let image = cairo::ImageSurface::create(cairo::Format::ARgb32, width * scale, height * scale)?;
        image.set_device_scale(f64::from(scale), f64::from(scale));
        let context = cairo::Context::new(&image)?;
        on_fine_grid(&context, size, |root| drop(draw_frame(root, picture)))?;
        let axis = picture.axis.clone();
        Ok(Self { image, size, dark: picture.look.theme.dark, span_ms: picture.span_ms, axis })
    }

    fn fits(&self, size: (i32, i32, i32), picture: &ChartPicture<'_>) -> bool {
        self.size == size
            && self.dark == picture.look.theme.dark
            && self.span_ms == picture.span_ms
            && self.axis == *picture.axis
    }
}

type Root<'c> = plotters::drawing::DrawingArea<CairoBackend<'c>, plotters::coord::Shift>;

/// Lets plotters draw with [`UNITS`] steps per device pixel.
fn on_fine_grid(
    context: &cairo::Context,
    (width, height, scale): (i32, i32, i32),
    draw: impl FnOnce(&Root<'_>),
) -> Result<(), cairo::Error> {
    let fine = u32::try_from(scale).unwrap_or(1) * UNITS;
    let size = (width.unsigned_abs() * fine, height.unsigned_abs() * fine);
    context.save()?;
    context.scale(1.0 / f64::from(fine), 1.0 / f64::from(fine));
    context.set_line_join(cairo::LineJoin::Bevel);
    if let Ok(backend) = CairoBackend::new(context, size) {
        draw(&backend.into_drawing_area());
    }
    context.restore()
}
