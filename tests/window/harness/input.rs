//! Keyboard and pointer, as the X server sees them, and the windows that they go to.

use std::thread::sleep;
use std::time::Duration;

use super::atspi::Area;
use super::desktop::Desktop;

/// A button of the pointer.
#[derive(Debug, Clone, Copy)]
pub enum Button {
    Left = 1,
    Right = 3,
}

impl Desktop {
    /// Presses keys one after another: `&["ctrl+f"]`, `&["Down", "Return"]`.
    #[track_caller]
    pub fn press(&self, keys: &[&str]) {
        self.xdotool(&[&["key", "--delay", "30"], keys].concat());
    }

    /// Types a text.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.xdotool(&["type", "--delay", "30", text]);
    }

    /// Moves the pointer.
    #[track_caller]
    pub fn move_to(&self, (x, y): (i32, i32)) {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    }

    /// Moves the pointer where it is in nobody's way: onto the frame of the windows.
    #[track_caller]
    pub fn rest_pointer(&self) {
        self.move_to((0, 0));
    }

    /// Clicks a place on the screen.
    #[track_caller]
    pub fn click_at(&self, place: (i32, i32), button: Button) {
        self.move_to(place);
        // The window has to see the pointer come before it is pressed.
        sleep(Duration::from_millis(60));
        self.xdotool(&["click", &(button as u32).to_string()]);
    }

    /// The window of the X server with this title, when it can be seen.
    pub fn x_window(&self, title: &str) -> Option<XWindow> {
        let output = self
            .command("xdotool")
            .args(["search", "--onlyvisible", "--name", &format!("^{title}$")])
            .output();
        let found = String::from_utf8(output.ok()?.stdout).ok()?;
        found.lines().next().map(|id| XWindow(id.to_owned()))
    }

    #[track_caller]
    fn xdotool(&self, arguments: &[&str]) -> String {
        let output = self.command("xdotool").args(arguments).output().expect("xdotool");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "xdotool {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// A window by its number on the X server.
pub struct XWindow(String);

impl XWindow {
    /// Where it lies on the screen.
    #[track_caller]
    pub fn area(&self, desktop: &Desktop) -> Area {
        let shown = desktop.xdotool(&["getwindowgeometry", "--shell", &self.0]);
        let number = |key: &str| {
            let line = shown.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')?.parse().ok());
            line.unwrap_or_else(|| panic!("no {key} in {shown}"))
        };
        Area { x: number("X"), y: number("Y"), width: number("WIDTH"), height: number("HEIGHT") }
    }

    /// Gives it the keyboard unless it has it. After a dialog a window manager would do this.
    #[track_caller]
    pub fn focus(&self, desktop: &Desktop) {
        let focused = desktop.command("xdotool").arg("getwindowfocus").output().expect("xdotool");
        if String::from_utf8_lossy(&focused.stdout).trim() != self.0 {
            desktop.xdotool(&["windowfocus", "--sync", &self.0]);
        }
    }
}
