//! The window: a tree of Relm4 components over the library.
//!
//! Nothing here reads `/proc` or `/sys` or waits for anything: the feed and commands do, on their threads.

mod accessible;
mod app;
mod dialogs;
mod file_systems;
mod list;
mod processes;
mod resources;
mod settings;
mod table;

use std::process::ExitCode;

use relm4::adw;
use relm4::gtk::gio;
use relm4::gtk::prelude::*;
use relm4::prelude::*;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use self::app::{App, AppInit};
use self::settings::Settings;
use crate::cli::{Arguments, PROGRAM};
use gnomon::command_line::{FAILED, USAGE, fail};
use gnomon::source::Source;

/// Name of the application on the bus, in the launcher and in settings.
pub const APP_ID: &str = "io.github.gnomon.Gnomon";

/// Runs the window until it is closed.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    let source = match Source::open(&arguments.root) {
        Ok(source) => source,
        Err(error) => return fail(PROGRAM, USAGE, &format!("--root: {error}")),
    };
    raise_descriptor_limit();
    if let Err(error) = gio::resources_register_include!("gnomon.gresource") {
        return complain(&error.to_string());
    }
    if let Err(error) = adw::init() {
        return complain(&format!("cannot open a window: {error}; gnomon-agent works without a display"));
    }
    let settings = match Settings::open() {
        Ok(settings) => settings,
        Err(error) => return complain(&error),
    };
    // A second start raises the first window, but not that of another machine.
    let flags = if source.is_live() {
        gio::ApplicationFlags::HANDLES_COMMAND_LINE
    } else {
        gio::ApplicationFlags::HANDLES_COMMAND_LINE | gio::ApplicationFlags::NON_UNIQUE
    };
    let application = adw::Application::builder().application_id(APP_ID).flags(flags).build();
    application.connect_command_line(|application, command| {
        raise(application, &command.arguments());
        0.into()
    });
    let init = AppInit { source, settings };
    RelmApp::from_app(application).with_args(std::env::args().collect()).run::<App>(init);
    ExitCode::SUCCESS
}

/// Each process that is picked costs a descriptor, and a thousand may be picked; the usual soft limit of
/// 1024 is for programs that use select(2).
fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    // Refused: then some of a thousand are told so when they are picked.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Shows the window on the page that a start asked for, be it the first one or another.
fn raise(application: &adw::Application, arguments: &[std::ffi::OsString]) {
    application.activate();
    // The words were checked by the program that was started with them.
    let page = <Arguments as clap::Parser>::try_parse_from(arguments).ok().and_then(|words| words.page());
    if let Some(page) = page {
        application.activate_action(app::SHOW_PAGE, Some(&page.to_variant()));
    }
    if let Some(window) = application.active_window() {
        window.present();
    }
}

fn complain(message: &str) -> ExitCode {
    fail(PROGRAM, FAILED, message)
}
