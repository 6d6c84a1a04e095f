//! The window and the root of the components: pages, menu, toasts, and the feed behind them.

mod actions;
mod window;

use std::sync::Arc;

use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::prelude::*;
use relm4::{adw, gtk};

use gnomon::feed::{Control, Feed, Update};
use gnomon::identity::ProcessId;
use gnomon::sample::{Demand, Needs};
use gnomon::snapshot::Snapshot;
use gnomon::source::Source;

use super::accessible::labelled;
use super::dialogs::acting::{Acting, ActingInput, ActingOutput, Note};
use super::dialogs::picked::Picked;
use super::file_systems::{FileSystemsInput, FileSystemsOutput, FileSystemsPage};
use super::processes::{ProcessesInput, ProcessesOutput, ProcessesPage, Wish};
use super::resources::{ResourcesInput, ResourcesPage};
use super::settings::{Settings, key};

/// The action that shows a page by name.
pub const SHOW_PAGE: &str = "show-page";

/// The pages in the order of the switcher: name, title, icon.
const PAGES: [(&str, &str, &str); 3] = [
    ("resources", "Resources", "gnomon-resources-symbolic"),
    ("processes", "Processes", "gnomon-processes-symbolic"),
    ("file-systems", "File Systems", "gnomon-file-systems-symbolic"),
];

/// What the window starts from.
pub struct AppInit {
    /// The machine to show.
    pub source: Source,
    /// What the person chose.
    pub settings: Settings,
}

/// The window.
pub struct App {
    settings: Settings,
    feed: Option<Feed>,
    window: adw::ApplicationWindow,
    stack: adw::ViewStack,
    toasts: adw::ToastOverlay,
    search: gtk::ToggleButton,
    processes: Controller<ProcessesPage>,
    resources: Controller<ResourcesPage>,
    file_systems: Controller<FileSystemsPage>,
    acting: Controller<Acting>,
    in_view: Vec<ProcessId>,
    failure: Option<String>,
}

/// What the window is told.
#[derive(Debug)]
pub enum AppInput {
    /// The feed has something.
    Feed(Update),
    /// Something is shown or hidden: another page, a minimised window.
    ViewChanged,
    /// The person asked for this page.
    ShowPage(String),
    /// Something to do with processes.
    Wanted(Wish, Vec<Picked>),
    /// The result of something.
    Toast(Note),
    /// These processes are on screen and a shown column is read only for such.
    InView(Vec<ProcessId>),
    /// The search bar opened or closed by itself.
    SearchOpen(bool),
    /// The search button was pressed.
    SearchPressed(bool),
    /// A setting changed.
    SettingChanged(String),
    /// Sample now.
    Refresh,
}

impl Component for App {
    type CommandOutput = ();
    type Init = AppInit;
    type Input = AppInput;
    type Output = ();
    type Root = adw::ApplicationWindow;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::ApplicationWindow::builder().title("Gnomon").build()
    }

    fn init(init: AppInit, window: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let AppInit { source, settings } = init;
        let proc_dir = source.root().join("proc");
        let processes =
            ProcessesPage::builder().launch(settings.clone()).forward(sender.input_sender(), |output| {
                match output {
                    ProcessesOutput::Wanted(wish, picked) => AppInput::Wanted(wish, picked),
                    ProcessesOutput::InView(ids) => AppInput::InView(ids),
                    ProcessesOutput::SearchOpen(open) => AppInput::SearchOpen(open),
                }
            });
        let resources = ResourcesPage::builder().launch(settings.clone()).detach();
        let file_systems = FileSystemsPage::builder()
            .launch(settings.clone())
            .forward(sender.input_sender(), |FileSystemsOutput::Toast(text)| {
                AppInput::Toast(Note { text, offer: None })
            });
        let acting = Acting::builder()
            .launch((window.clone().upcast(), settings.clone(), proc_dir))
            .forward(sender.input_sender(), |ActingOutput::Toast(note)| AppInput::Toast(note));

        let stack = adw::ViewStack::builder().vexpand(true).build();
        let widgets: [&gtk::Widget; 3] = [
            resources.widget().upcast_ref(),
            processes.widget().upcast_ref(),
            file_systems.widget().upcast_ref(),
        ];
        for ((name, title, icon), widget) in PAGES.into_iter().zip(widgets) {
            stack.add_titled(widget, Some(name), title).set_icon_name(Some(icon));
        }
        let search: gtk::ToggleButton = labelled("Search");
        let toasts = adw::ToastOverlay::new();
        toasts.set_child(Some(&stack));
        window::build(&window, &stack, &toasts, &search);

        let mut app = Self {
            feed: None,
            window,
            stack,
            toasts,
            search,
            processes,
            resources,
            file_systems,
            acting,
            in_view: Vec::new(),
            failure: None,
            settings,
        };
        app.restore();
        app.connect(&sender);
        actions::add(&app, &sender);
        app.start(source, &sender);
        ComponentParts { model: app, widgets: () }
    }

    fn update(&mut self, message: AppInput, _sender: ComponentSender<Self>, _root: &Self::Root) {
        match message {
            AppInput::Feed(Update::Snapshot(snapshot)) => self.show(&snapshot),
            AppInput::Feed(Update::Failed(error)) => self.failed(error),
            AppInput::ViewChanged => self.view_changed(),
            AppInput::ShowPage(name) => self.stack.set_visible_child_name(&name),
            AppInput::Wanted(wish, picked) => self.acting.emit(ActingInput::Wanted(wish, picked)),
            AppInput::Toast(note) => self.toast(note),
            AppInput::InView(ids) => {
                self.in_view = ids;
                self.tell_feed(Control::Demand(self.demand()));
            }
            AppInput::SearchOpen(open) => self.search.set_active(open),
            AppInput::SearchPressed(pressed) => self.search_pressed(pressed),
            AppInput::SettingChanged(name) => self.setting_changed(&name),
            AppInput::Refresh => self.tell_feed(Control::Refresh),
        }
    }
}

impl App {
    /// Starts sampling for what will be seen first.
    fn start(&mut self, source: Source, sender: &ComponentSender<Self>) {
        let input = sender.input_sender().clone();
        let deliver = move |update| input.emit(AppInput::Feed(update));
        match Feed::start(source, self.demand(), self.settings.update_interval(), deliver) {
            Ok(feed) => self.feed = Some(feed),
            Err(error) => self.failed(format!("The sampler cannot start: {error}")),
        }
    }

    fn show(&mut self, snapshot: &Arc<Snapshot>) {
        self.failure = None;
        self.resources.emit(ResourcesInput::Show(Arc::clone(snapshot)));
        match self.page().as_str() {
            "processes" => self.processes.emit(ProcessesInput::Show(Arc::clone(snapshot))),
            "file-systems" => self.file_systems.emit(FileSystemsInput::Show(Arc::clone(snapshot))),
            _ => {}
        }
    }

    /// Says a failure once, however often it comes.
    fn failed(&mut self, error: String) {
        if self.failure.as_ref() != Some(&error) {
            self.toast(Note { text: error.clone(), offer: None });
            self.failure = Some(error);
        }
    }

    fn toast(&self, note: Note) {
        // A toast's title is markup by default; names of processes must never be.
        let toast = adw::Toast::builder().title(glib::markup_escape_text(&note.text)).timeout(4).build();
        if let Some((label, ticket)) = note.offer {
            toast.set_button_label(Some(label));
            toast.set_timeout(10);
            let acting = self.acting.sender().clone();
            toast.connect_button_clicked(move |_| acting.emit(ActingInput::Answered(ticket, true)));
            let acting = self.acting.sender().clone();
            toast.connect_dismissed(move |_| acting.emit(ActingInput::Answered(ticket, false)));
        }
        self.toasts.add_toast(toast);
    }

    fn page(&self) -> String {
        self.stack.visible_child_name().map_or_else(String::new, Into::into)
    }

    /// What is to be sampled for what can be seen. The charts' history goes on on every page.
    fn demand(&self) -> Demand {
        let hidden = self
            .window
            .surface()
            .and_downcast::<gdk::Toplevel>()
            .is_some_and(|toplevel| toplevel.state().contains(gdk::ToplevelState::MINIMIZED));
        let page = match self.page().as_str() {
            _ if hidden => Needs::empty(),
            "processes" => ProcessesPage::needs(&self.settings),
            "file-systems" => Needs::FILE_SYSTEMS,
            _ => Needs::empty(),
        };
        let in_view = if page.intersects(Needs::COSTLY) { self.in_view.clone() } else { Vec::new() };
        Demand { in_view, ..Demand::of(page | ResourcesPage::needs()) }
    }

    fn view_changed(&mut self) {
        self.search.set_sensitive(self.page() == "processes");
        self.settings.set_page(&self.page());
        self.tell_feed(Control::Demand(self.demand()));
    }

    fn tell_feed(&self, control: Control) {
        if let Some(feed) = &self.feed {
            feed.send(control);
        }
    }

    fn search_pressed(&self, pressed: bool) {
        self.processes.emit(ProcessesInput::OpenSearch(pressed));
    }

    fn setting_changed(&self, name: &str) {
        match name {
            key::UPDATE_INTERVAL => self.tell_feed(Control::Interval(self.settings.update_interval())),
            key::PROCESSES_COLUMNS => self.tell_feed(Control::Demand(self.demand())),
            _ => {}
        }
    }

    /// The window as it was left.
    fn restore(&self) {
        let (width, height, maximized) = self.settings.window();
        self.window.set_default_size(width, height);
        if maximized {
            self.window.maximize();
        }
        self.stack.set_visible_child_name(&self.settings.page());
        self.search.set_sensitive(self.page() == "processes");
    }

    fn connect(&self, sender: &ComponentSender<Self>) {
        let input = sender.input_sender().clone();
        self.stack.connect_visible_child_name_notify(move |_| input.emit(AppInput::ViewChanged));
        let input = sender.input_sender().clone();
        self.window.connect_realize(move |window| {
            let input = input.clone();
            if let Some(toplevel) = window.surface().and_downcast::<gdk::Toplevel>() {
                toplevel.connect_state_notify(move |_| input.emit(AppInput::ViewChanged));
            }
        });
        let input = sender.input_sender().clone();
        self.search.connect_toggled(move |button| input.emit(AppInput::SearchPressed(button.is_active())));
        let input = sender.input_sender().clone();
        self.settings.connect_changed(move |key| input.emit(AppInput::SettingChanged(key.to_owned())));
        let settings = self.settings.clone();
        self.window.connect_close_request(move |window| {
            let (width, height) = window.default_size();
            settings.set_window(width, height, window.is_maximized());
            glib::Propagation::Proceed
        });
    }
}
