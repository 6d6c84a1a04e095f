//! The File Systems page: what is mounted and how full it is.
//!
//! The sampler asks the mounts on a thread of its own; here nothing is asked, so that a dead server freezes
//! no window.

mod cells;
mod columns;
mod view;

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use relm4::adw::prelude::*;
use relm4::gtk::{gdk, gio};
use relm4::prelude::*;
use relm4::{adw, gtk};

use gnomon::names::display_name;
use gnomon::sample::{FileSystem, Usage};
use gnomon::snapshot::Snapshot;

use self::columns::Sort;
use self::view::TableView;
use crate::ui::settings::{Settings, key};

/// The page.
pub struct FileSystemsPage {
    settings: Settings,
    table: TableView,
    faces: gtk::Stack,
    nothing: adw::StatusPage,
    show_all: gtk::Button,
    mounts: Option<Arc<Vec<FileSystem>>>,
}

/// What the page is told.
#[derive(Debug)]
pub enum FileSystemsInput {
    /// Another moment.
    Show(Arc<Snapshot>),
    /// The title of a column was clicked.
    SortChanged,
    /// The table became wider or narrower.
    Resized,
    /// The person wants to see the files of this mount.
    Open(FileSystem),
    /// The person wants all file systems.
    ShowAll,
    /// This setting changed.
    SettingChanged(String),
}

/// What the page reports.
#[derive(Debug)]
pub enum FileSystemsOutput {
    /// The result of something, to be said in a toast.
    Toast(String),
}

impl Component for FileSystemsPage {
    type CommandOutput = ();
    type Init = Settings;
    type Input = FileSystemsInput;
    type Output = FileSystemsOutput;
    type Root = gtk::Stack;
    type Widgets = ();

    fn init_root() -> Self::Root {
        gtk::Stack::builder().vexpand(true).build()
    }

    fn init(settings: Settings, faces: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let (id, descending) = settings.file_systems_sort();
        let table = TableView::new(Sort::by_id(&id, descending), settings.unit_style());
        let show_all = gtk::Button::builder().label("_Show All File Systems").use_underline(true).build();
        show_all.set_halign(gtk::Align::Center);
        show_all.add_css_class("pill");
        let nothing = adw::StatusPage::builder()
            .icon_name("gnomon-file-systems-symbolic")
            .title("No File Systems")
            .child(&show_all)
            .build();
        faces.add_named(&gtk::Box::new(gtk::Orientation::Vertical, 0), Some("waiting"));
        faces.add_named(table.widget(), Some("table"));
        faces.add_named(&nothing, Some("nothing"));
        let page = Self { settings, table, faces, nothing, show_all, mounts: None };
        page.connect(&sender);
        ComponentParts { model: page, widgets: () }
    }

    fn update(&mut self, message: Self::Input, sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            FileSystemsInput::Show(snapshot) => self.show(&snapshot),
            FileSystemsInput::SortChanged => self.sort_changed(),
            FileSystemsInput::Resized => self.table.fit(),
            FileSystemsInput::Open(mount) => open(&mount, &sender),
            FileSystemsInput::ShowAll => self.settings.set_show_all_file_systems(true),
            FileSystemsInput::SettingChanged(name) => self.setting_changed(&name),
        }
    }
}

impl FileSystemsPage {
    fn connect(&self, sender: &ComponentSender<Self>) {
        let input = sender.input_sender().clone();
        self.table.connect_sorted(move || input.emit(FileSystemsInput::SortChanged));
        let input = sender.input_sender().clone();
        self.table.connect_resized(move || input.emit(FileSystemsInput::Resized));
        let input = sender.input_sender().clone();
        self.table.connect_opened(move |mount| input.emit(FileSystemsInput::Open(mount)));
        let input = sender.input_sender().clone();
        self.show_all.connect_clicked(move |_| input.emit(FileSystemsInput::ShowAll));
        let input = sender.input_sender().clone();
        self.settings
            .connect_changed(move |key| input.emit(FileSystemsInput::SettingChanged(key.to_owned())));
    }

    fn show(&mut self, snapshot: &Snapshot) {
        let Some(mounts) = &snapshot.sample.system.file_systems else { return };
        // The mounts are looked at every other second, so most snapshots bring the same list.
        let is_same = self.mounts.as_ref().is_some_and(|before| Arc::ptr_eq(before, mounts));
        let is_first = self.mounts.is_none();
        self.mounts = Some(Arc::clone(mounts));
        // The first look may still be on its way: no mount at all is believed only at the second time.
        let is_on_its_way = is_first && mounts.is_empty();
        if !is_same && !is_on_its_way {
            self.fill();
        }
    }

    fn fill(&self) {
        let Some(mounts) = &self.mounts else { return };
        let every = self.settings.show_all_file_systems();
        let shown: Vec<_> = columns::shown(mounts, every).collect();
        self.table.show(&shown);
        self.faces.set_visible_child_name(if shown.is_empty() { "nothing" } else { "table" });
        let hidden = !mounts.is_empty() && shown.is_empty();
        self.show_all.set_visible(hidden);
        self.nothing.set_description(Some(if hidden {
            "No device or server is mounted, only file systems of the kernel"
        } else {
            "Nothing is mounted"
        }));
    }

    fn sort_changed(&self) {
        if let Some(sort) = self.table.sort_as_header() {
            self.settings.set_file_systems_sort(sort.column.id, sort.descending);
        }
    }

    fn setting_changed(&self, name: &str) {
        match name {
            key::SHOW_ALL_FILE_SYSTEMS => self.fill(),
            key::UNITS => self.table.set_style(self.settings.unit_style()),
            _ => {}
        }
    }
}

/// Shows the files of a mount in the file manager. GIO looks for it on threads of its own, so a disk that
/// has to spin up first does not hold the window; a server that is known not to answer is not asked.
fn open(mount: &FileSystem, sender: &ComponentSender<FileSystemsPage>) {
    let output = sender.output_sender().clone();
    let name = display_name(&mount.directory).into_owned();
    // The window that would have shown the toast is gone when nobody listens.
    let toast = move |text: String| drop(output.send(FileSystemsOutput::Toast(text)));
    if mount.usage == Usage::NotResponding {
        return toast(format!("{name} is not responding"));
    }
    let directory = gio::File::for_path(Path::new(std::ffi::OsStr::from_bytes(&mount.directory)));
    let context = gdk::Display::default().map(|display| display.app_launch_context());
    let uri = directory.uri();
    gio::AppInfo::launch_default_for_uri_async(
        &uri,
        context.as_ref(),
        gio::Cancellable::NONE,
        move |result| {
            if let Err(error) = result {
                toast(format!("Cannot open {name}: {}", display_name(error.message().as_bytes())));
            }
        },
    );
}
