//! Icons of processes: the application's own where a desktop entry names the program.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use relm4::gtk;
use relm4::gtk::gio;
use relm4::gtk::prelude::*;

use gnomon::sample::Process;

const GENERIC: &str = "gnomon-process-symbolic";
const KERNEL: &str = "gnomon-kernel-thread-symbolic";

/// Width and height in logical pixels.
const SIZE: i32 = 16;

/// Icons by the name of the program.
#[derive(Clone, Default)]
pub struct Icons {
    names: Rc<RefCell<HashMap<String, String>>>,
    /// What was looked up in the theme, by icon name.
    loaded: Rc<RefCell<HashMap<String, gtk::IconPaintable>>>,
}

impl Icons {
    /// Takes over what [`installed`] found.
    pub fn learn(&self, found: HashMap<String, String>) {
        self.names.replace(found);
    }

    /// The icon of a process, in the resolution of the screen that `widget` is on.
    #[must_use]
    pub fn of(&self, process: &Process, widget: &impl IsA<gtk::Widget>) -> gtk::IconPaintable {
        if process.facts.kernel_thread {
            return self.load(KERNEL, widget);
        }
        match self.names.borrow().get(&*process.facts.name) {
            Some(name) => self.load(name, widget),
            None => self.load(GENERIC, widget),
        }
    }

    fn load(&self, name: &str, widget: &impl IsA<gtk::Widget>) -> gtk::IconPaintable {
        if let Some(icon) = self.loaded.borrow().get(name) {
            return icon.clone();
        }
        let theme = gtk::IconTheme::for_display(&widget.display());
        let icon = theme.lookup_icon(
            name,
            &[GENERIC],
            SIZE,
            widget.scale_factor(),
            widget.direction(),
            gtk::IconLookupFlags::PRELOAD,
        );
        self.loaded.borrow_mut().insert(name.to_owned(), icon.clone());
        icon
    }
}

/// Reads the desktop entries of this machine: for a thread that may wait for a disk.
#[must_use]
pub fn installed() -> HashMap<String, String> {
    let mut found = HashMap::new();
    for app in gio::AppInfo::all() {
        let Some(icon) = app.icon().and_downcast::<gio::ThemedIcon>() else { continue };
        let Some(name) = icon.names().first().map(ToString::to_string) else { continue };
        let executable = app.executable();
        let Some(program) = executable.file_name().and_then(|name| name.to_str()) else { continue };
        // Launchers start many programs: they are not the program.
        if !matches!(program, "env" | "sh" | "bash" | "flatpak" | "snap" | "python3" | "gapplication" | "gjs")
        {
            found.entry(program.to_owned()).or_insert(name);
        }
    }
    found
}
