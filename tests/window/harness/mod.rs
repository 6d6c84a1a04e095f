//! What drives the window: a desktop, the program on it, its input, and two ways to look at it.

pub mod app;
pub mod atspi;
pub mod child;
pub mod desktop;
pub mod input;
pub mod quarry;
pub mod screen;
pub mod table;
