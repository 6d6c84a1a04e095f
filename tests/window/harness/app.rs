//! The built program on a desktop, and what it may not do: complain.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::thread::panicking;

use rustix::process::Signal;

use super::atspi::{Area, Node, PATIENCE, Role, State, Ui, wait_for};
use super::child::Guarded;
use super::desktop::Desktop;
use super::input::{Button, XWindow};
use super::screen;

/// The program with its window open.
///
/// When it is dropped it must have printed no warning, unless the test failed before.
pub struct App<'d> {
    desktop: &'d Desktop,
    program: Guarded,
    log: PathBuf,
    application: Node,
    window: Node,
    x_window: XWindow,
}

impl<'d> App<'d> {
    /// Starts the program and waits for its window.
    #[track_caller]
    pub fn start(desktop: &'d Desktop, arguments: &[&str]) -> Self {
        Self::start_under(desktop, &[], arguments, &[])
    }

    /// Starts it under a tracer that stays in the background (a command line that takes a program's after its
    /// own), and with more in its environment.
    #[track_caller]
    pub fn start_under(
        desktop: &'d Desktop,
        tracer: &[&str],
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let log = desktop.dir().join("gnomon.log");
        let words = [tracer, &[env!("CARGO_BIN_EXE_gnomon")], arguments].concat();
        let mut command = desktop.command(words[0]);
        command.args(&words[1..]).envs(environment.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).expect("a log"));
        let program = Guarded::spawn(&mut command);
        let ui = Ui::connect(desktop.bus_address());
        let still_runs = || {
            if let Some(status) = program.status() {
                panic!("gnomon ended, {status}: {}", fs::read_to_string(&log).unwrap_or_default());
            }
        };
        let application = wait_for("the program on the accessibility bus", || {
            still_runs();
            ui.application(program.pid())
        });
        let window = wait_for("the main window", || {
            still_runs();
            application
                .children()
                .into_iter()
                .find(|window| window.is(Role::Frame) && window.name() == "Gnomon")
        });
        let x_window = wait_for("the window on the screen", || desktop.x_window("Gnomon"));
        Self { desktop, program, log, application, window, x_window }
    }

    /// The main window.
    pub fn window(&self) -> &Node {
        &self.window
    }

    /// All windows: dialogs too.
    pub fn windows(&self) -> Vec<Node> {
        self.application.children()
    }

    /// The first node of any window that `wanted` accepts, the newest window first.
    pub fn find(&self, wanted: &dyn Fn(&Node) -> bool) -> Option<Node> {
        self.windows().iter().rev().find_map(|window| window.find(wanted))
    }

    /// A window other than the main one, when it has come.
    #[track_caller]
    pub fn dialog(&self, what: &str) -> Node {
        wait_for(what, || self.windows().into_iter().find(|window| *window != self.window))
    }

    /// Waits until only the main window is left.
    #[track_caller]
    pub fn alone(&self) {
        wait_for("the dialogs to close", || (self.windows() == [self.window.clone()]).then_some(()));
    }

    /// Waits for a button and presses it.
    #[track_caller]
    pub fn press_button(&self, within: &Node, name: &str) {
        // GTK 4.8 calls a button with a mnemonic "_End End", and a message dialog has each button twice, for
        // wide and narrow windows: only one of them is anywhere.
        let wanted =
            |node: &Node| node.is(Role::Button) && node.name().ends_with(name) && node.area().is_some();
        wait_for(name, || within.find(&wanted)).activate();
    }

    /// Waits for a label of the main window with these words, as toasts are, and says its whole text.
    #[track_caller]
    pub fn says(&self, words: &str) -> String {
        wait_for(words, || self.window.label(words)).said()
    }

    /// Presses keys one after another, in the dialog that is open or else in the main window.
    #[track_caller]
    pub fn press(&self, keys: &[&str]) {
        self.take_keyboard();
        self.desktop.press(keys);
    }

    /// Types a text, as [`App::press`].
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.take_keyboard();
        self.desktop.type_text(text);
    }

    /// Opens the search and types into it.
    #[track_caller]
    pub fn search(&self, words: &str) {
        self.press(&["ctrl+f"]);
        wait_for("the search entry to have the keyboard", || {
            self.window.find(&|node| node.is(Role::Entry) && node.has(State::Focused))
        });
        self.type_text(words);
    }

    #[track_caller]
    fn take_keyboard(&self) {
        if self.windows().len() == 1 {
            self.x_window.focus(self.desktop);
        }
    }

    /// Clicks the middle of something in the main window.
    #[track_caller]
    pub fn click(&self, node: &Node, button: Button) {
        self.desktop.click_at(self.place(node).middle(), button);
    }

    /// Chooses an item of the menu that is open, by the titles that lead to it.
    #[track_caller]
    pub fn choose(&self, titles: &[&str]) {
        for title in titles {
            let shown =
                |node: &Node| node.is(Role::MenuItem) && node.name() == *title && node.area().is_some();
            let item = wait_for(title, || self.find(&shown));
            let mut presses = 0;
            while !item.has(State::Focused) {
                assert!(presses < 40, "{title} cannot be reached by keys");
                self.desktop.press(&["Down"]);
                presses += 1;
            }
            self.desktop.press(&["Return"]);
        }
    }

    /// Where something of the main window lies on the screen.
    #[track_caller]
    pub fn place(&self, node: &Node) -> Area {
        let Some(area) = node.area() else { panic!("{node} is nowhere to be seen") };
        // A screen reader is told of places inside the frame, which GTK draws by itself without a window manager.
        let (inside, outside) = (wait_for("the window's size", || self.window.area()), self.area());
        let frame = (outside.width - inside.width) / 2;
        Area { x: outside.x + frame + area.x, y: outside.y + frame + area.y, ..area }
    }

    /// Where the main window lies on the screen, with its frame.
    #[track_caller]
    pub fn area(&self) -> Area {
        self.x_window.area(self.desktop)
    }

    /// Moves the pointer off the table, so that rows may move again.
    #[track_caller]
    pub fn rest_pointer(&self) {
        self.desktop.rest_pointer();
    }

    /// The tab of the page that is shown.
    pub fn page(&self) -> Option<String> {
        let shown = |node: &Node| node.is(Role::Tab) && node.has(State::Selected) && node.area().is_some();
        self.window.find(&shown).map(|tab| tab.name())
    }

    /// Waits until a page is shown.
    #[track_caller]
    pub fn shows_page(&self, title: &str) {
        wait_for(title, || (self.page()? == title).then_some(()));
    }

    /// The id of its process.
    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// Ends it with a signal and says how it ended.
    #[track_caller]
    pub fn end(self, signal: Signal) -> ExitStatus {
        self.program.signal(signal);
        self.ended()
    }

    /// How it ends, now that it was asked to.
    #[track_caller]
    pub fn ended(self) -> ExitStatus {
        self.program.status_within(PATIENCE).expect("gnomon still runs after it was asked to end")
    }

    /// All that it printed to its standard error.
    fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        if panicking() {
            let test = std::thread::current().name().unwrap_or("main").replace("::", "-");
            let picture = screen::save(self.desktop, screen::whole(), &format!("failed-{test}"));
            eprintln!("the screen: {}", picture.display());
            for window in self.windows() {
                eprintln!("{}", window.outline());
            }
            eprintln!("gnomon said: {}", self.said());
        } else {
            let said = self.said();
            assert!(!said.lines().any(is_complaint), "gnomon printed warnings:\n{said}");
        }
    }
}

/// Whether GLib, GTK or Rust's runtime prints such a line when something is wrong with the program.
fn is_complaint(line: &str) -> bool {
    let levels = ["WARNING **", "CRITICAL **", "ERROR **"];
    levels.iter().any(|level| line.contains(level)) || line.contains("panicked at")
}

#[test]
fn warnings_of_glib_are_told_from_other_lines() {
    for line in [
        "(gnomon:42): Gtk-CRITICAL **: 10:00:00.000: gtk_widget_show: assertion failed",
        "(gnomon:42): Adwaita-WARNING **: 10:00:00.000: no such page",
        "** (process:42): WARNING **: 10:00:00.000: words",
        "thread 'main' (42) panicked at src/ui/app.rs:1:1:",
    ] {
        assert!(is_complaint(line), "{line}");
    }
    assert!(!is_complaint("gnomon: no such directory"));
}
