//! Drives the built program in a real window: its own X server, session bus and home for each test, AT-SPI to
//! read it, keys and clicks to use it, real processes to act on.
//!
//! `cargo test --test window -- --test-threads=1`; pictures come to `target/window/`. It needs Xvfb, dbus,
//! at-spi2-core, xdotool, ImageMagick and, for one test, strace. No test may leave a warning of GTK behind.

mod acting;
mod harness;
mod main_thread;
mod memory_maps;
mod pages;
mod pictures;
mod processes;
mod program;
mod window;
