//! A desktop of one test's own: display, session bus and home, and nothing of the machine's.
//!
//! Starting one takes a tenth of a second, so no two tests share any of it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::child::{Guarded, command};

/// Size of the screen: that of the largest window under test.
pub const SCREEN: (i32, i32) = (1280, 1024);

/// Where the settings of the program are kept (GLib's keyfile backend) below the home directory.
const KEYFILE: &str = "config/glib-2.0/settings/keyfile";

/// An X server, a session bus and a home directory.
///
/// No window manager runs: windows lie at the upper left corner, undecorated but by themselves.
pub struct Desktop {
    // In this order they end: the bus before the display, the directory last.
    _bus: Guarded,
    _display: Guarded,
    home: Home,
    display: String,
    bus_address: String,
}

impl Desktop {
    /// Starts one.
    #[track_caller]
    pub fn start() -> Self {
        let home = Home::new();
        let (width, height) = SCREEN;
        let x = Guarded::spawn(
            command("Xvfb")
                .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"])
                .arg(format!("{width}x{height}x24"))
                .stdout(Stdio::piped())
                .stderr(File::create(home.path().join("Xvfb.log")).expect("a log")),
        );
        let display = format!(":{}", first_line(&x, "Xvfb"));
        let mut bus = command("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .arg(format!("--address=unix:path={}", home.path().join("run/bus").display()))
            .stdout(Stdio::piped())
            .stderr(File::create(home.path().join("dbus.log")).expect("a log"));
        // What the bus starts (the accessibility bus) lives on this desktop too.
        furnish(&mut bus, home.path(), &display);
        let bus = Guarded::spawn(&mut bus);
        let bus_address = first_line(&bus, "dbus-daemon");
        let desktop = Self { _bus: bus, _display: x, home, display, bus_address };
        // At first it is in the middle of the screen, where it would hold the order of the table.
        desktop.rest_pointer();
        desktop
    }

    /// A command that runs on this desktop.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = command(program);
        furnish(&mut command, self.home.path(), &self.display);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        command
    }

    /// The address of the session bus.
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// A directory for files that end with the desktop.
    pub fn dir(&self) -> &Path {
        self.home.path()
    }

    /// Writes settings for the next start: `KEY=VALUE` lines in GVariant's text.
    pub fn choose(&self, settings: &[&str]) {
        let keyfile = self.home.path().join(KEYFILE);
        fs::create_dir_all(keyfile.parent().expect("a file in a directory")).expect("a config directory");
        fs::write(keyfile, format!("[io/github/gnomon/Gnomon]\n{}\n", settings.join("\n")))
            .expect("settings");
    }

    /// What the program has written to its settings.
    pub fn chosen(&self) -> String {
        fs::read_to_string(self.home.path().join(KEYFILE)).unwrap_or_default()
    }
}

/// Sets the display, the directories and the ways of drawing and keeping settings.
fn furnish(command: &mut Command, home: &Path, display: &str) {
    command
        .env("DISPLAY", display)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("GDK_BACKEND", "x11")
        .env("GSK_RENDERER", "cairo")
        .env("GSETTINGS_BACKEND", "keyfile")
        .env("GTK_USE_PORTAL", "0")
        .env("ADW_DISABLE_PORTAL", "1");
}

/// The line that a server prints when it is ready.
#[track_caller]
fn first_line(server: &Guarded, name: &str) -> String {
    let mut line = String::new();
    let out = server.stdout().expect("a piped stdout");
    // No server writes more than a few hundred bytes here.
    BufReader::new(out.take(4096)).read_line(&mut line).expect("the first line of a server");
    assert!(!line.trim().is_empty(), "{name} did not start (is it installed?)");
    line.trim().to_owned()
}

/// A home directory that is removed on drop.
struct Home(PathBuf);

impl Home {
    /// It lies in the system's directory for temporary files: paths of sockets may not be long.
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("gnomon-window-{}-{number}", std::process::id()));
        for dir in ["", "run", "config", "cache", "data"] {
            let made = fs::DirBuilder::new().mode(0o700).recursive(true).create(path.join(dir));
            made.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
