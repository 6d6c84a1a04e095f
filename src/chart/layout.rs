//! How a chart looks and where its parts lie, the same for drawing, hit tests and crosshairs.

use super::palette::Rgb;

/// The colours of everything but the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Text and, faintly, the grid.
    pub foreground: Rgb,
    /// What lies behind the chart; filled only when [`Look::fill_background`] is set.
    pub background: Rgb,
    /// Whether the background is the darker of the two.
    pub dark: bool,
}

impl Theme {
    /// Text on a white card.
    pub const LIGHT: Self =
        Self { foreground: Rgb(0x2e, 0x34, 0x36), background: Rgb(0xff, 0xff, 0xff), dark: false };
    /// Text on libadwaita's dark card.
    pub const DARK: Self =
        Self { foreground: Rgb(0xff, 0xff, 0xff), background: Rgb(0x2e, 0x2e, 0x32), dark: true };
}

/// Colours, font and resolution.
///
/// A plotters backend knows whole numbers only. A chart that is to have lines of 1.5 px and points between
/// pixels is therefore drawn on a grid finer than the pixels: tell the backend a size of `units` times the
/// pixels (plotters-cairo scales the context to fit), and tell it here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look<'a> {
    /// Colours.
    pub theme: Theme,
    /// Whether the background is painted, as in an exported picture.
    pub fill_background: bool,
    /// Font family of the labels.
    pub font_family: &'a str,
    /// Font size of the labels in logical pixels.
    pub font_px: f64,
    /// Device pixels per logical pixel: 2 on a HiDPI screen.
    pub scale: f64,
    /// Backend units per device pixel; 1 is plotters' own grid, 4 is smooth.
    pub units: u32,
    /// Room for the value labels in characters, the same in all charts of a page, so that their time axes
    /// lie above one another.
    pub label_chars: u32,
}

impl Look<'_> {
    /// The usual look at one device pixel per logical pixel.
    #[must_use]
    pub fn new(theme: Theme) -> Self {
        Look {
            theme,
            fill_background: false,
            font_family: "sans-serif",
            font_px: 11.0,
            scale: 1.0,
            units: 1,
            label_chars: 9,
        }
    }

    /// Logical pixels in backend units.
    pub(super) fn px(&self, logical: f64) -> f64 {
        logical * self.scale * f64::from(self.units.max(1))
    }

    /// Backend units in logical pixels.
    pub(super) fn logical(&self, units: f64) -> f64 {
        units / self.px(1.0)
    }

    /// A stroke of so many logical pixels in backend units; never nothing.
    pub(super) fn stroke(&self, logical: f64) -> u32 {
        (self.px(logical).round() as u32).max(1)
    }

    /// The nearest whole device pixel, in backend units, so that straight lines are sharp.
    pub(super) fn snap(&self, units: f64) -> i32 {
        let device = f64::from(self.units.max(1));
        ((units / device).round() * device) as i32
    }
}

/// Where the parts of a chart lie, in backend units from its upper left corner. Everything that has to do
/// with values is inside the plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Left edge of the plot: the oldest moment.
    pub left: i32,
    /// Top of the plot: the upper bound of the axis.
    pub top: i32,
    /// Right edge of the plot: the newest moment.
    pub right: i32,
    /// Bottom of the plot: zero.
    pub bottom: i32,
    /// How many intervals between value labels there is room for.
    pub value_intervals: usize,
    /// How many intervals between time labels there is room for.
    pub time_intervals: usize,
}

impl Layout {
    /// Lays a chart out on `width` by `height` backend units. A chart too small for labels has none.
    #[must_use]
    pub fn new(width: u32, height: u32, look: &Look<'_>) -> Self {
        let (width, height) = (f64::from(width), f64::from(height));
        let font = look.px(look.font_px);
        // A digit is a little more than half as wide as the font is high.
        let gutter = f64::from(look.label_chars) * font * 0.56 + look.px(GAP_PX);
        let (side, below) = (
            if width > 3.0 * gutter { gutter } else { 0.0 },
            if height > 4.0 * font { font * 1.75 } else { 0.0 },
        );
        let margin = look.px(2.0);
        // Half a label stands above the top line.
        let above = if side > 0.0 { (font * 0.6).max(margin) } else { margin };
        let left = look.snap(margin);
        let top = look.snap(above);
        let right = look.snap(width - side.max(margin)).max(left);
        let bottom = look.snap(height - below.max(margin)).max(top);
        let room = |units: i32, each: f64| ((f64::from(units) / each.max(1.0)) as usize).max(1);
        Self {
            left,
            top,
            right,
            bottom,
            value_intervals: if side > 0.0 { room(bottom - top, font * 2.0).min(5) } else { 0 },
            time_intervals: if below > 0.0 { room(right - left, font * 5.0).min(12) } else { 0 },
        }
    }

    /// Whether there is no room for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.right <= self.left || self.bottom <= self.top
    }

    /// Width of the plot in backend units.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.right.abs_diff(self.left)
    }

    /// Width of the plot in device pixels: the number of columns to ask a history for.
    #[must_use]
    pub fn columns(&self, look: &Look<'_>) -> u32 {
        self.width() / look.units.max(1)
    }

    /// Where a moment lies between the edges, not rounded and not limited to the plot.
    #[must_use]
    pub fn x(&self, time_ms: u64, to_ms: u64, span_ms: u64) -> f64 {
        // The window may begin before the machine did: count from its end.
        let before_end =
            if time_ms <= to_ms { (to_ms - time_ms) as f64 } else { -((time_ms - to_ms) as f64) };
        f64::from(self.right) - before_end / span_ms.max(1) as f64 * f64::from(self.width())
    }

    /// The moment at a horizontal position, for a pointer; `None` beside the plot.
    #[must_use]
    pub fn time_at(&self, x: f64, to_ms: u64, span_ms: u64) -> Option<u64> {
        if !(f64::from(self.left)..=f64::from(self.right)).contains(&x) {
            return None;
        }
        let share = (f64::from(self.right) - x) / f64::from(self.width().max(1));
        Some(to_ms.saturating_sub((share * span_ms as f64).round() as u64))
    }

    /// Where a share of the axis (0 at the bottom, 1 at the top) lies.
    #[must_use]
    pub fn y(&self, position: f64) -> f64 {
        f64::from(self.bottom) - position * f64::from(self.bottom - self.top)
    }
}

/// Between the plot and its labels, in logical pixels.
pub(super) const GAP_PX: f64 = 6.0;
