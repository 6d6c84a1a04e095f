//! Charts as pictures: axes, colours and drawing, on any plotters backend and without a display.
//!
//! Here: where a value stands, what is written beside it, and which strokes make the picture. Not here:
//! which charts there are, when they are redrawn, and the widgets around them.

pub mod axis;
pub mod draw;
pub mod layout;
pub mod palette;
pub mod summary;
mod trace;

pub use axis::{AutoAxis, Tick, TimeTick, ValueAxis, time_ticks};
pub use draw::{ChartPicture, Kind, SeriesPicture, draw, draw_frame, draw_series};
pub use layout::{Layout, Look, Theme};
pub use palette::Rgb;
pub use summary::summary;
