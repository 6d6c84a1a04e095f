//! Memory Maps: a window with every mapping of one process, live as long as the process is.
//!
//! ```text
//!  Tick ──read──▶ Arranged ──▶ table            one reading at a time, the next some seconds after the last
//!  sort, filter ──arrange──▶ Arranged ──▶ table
//!        (threads: a process may have 65,530 mappings)
//! ```

mod columns;
mod look;
mod shown;
mod widgets;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::prelude::*;
use relm4::{adw, gtk};

use gnomon::inspect::InspectError;
use gnomon::units::UnitStyle;

use self::columns::COLUMNS;
use self::look::Look;
use self::shown::{Order, Shown};
use self::widgets::{Face, WindowWidgets};
use super::picked::Picked;
use crate::ui::settings::Settings;
use crate::ui::table::Grid;

/// Time between two readings.
const INTERVAL: Duration = Duration::from_secs(3);

/// A large process takes long to measure, and is slowed down by it: at most a tenth of the time is spent so.
const SHARE: u32 = 10;

/// After this long without an answer the window says that it waits.
const SAY_WAITING: Duration = Duration::from_millis(400);

const NO_USAGE: &str = "How much of it is in memory cannot be read: that takes more rights.";

const DENIED: Face<'_> = Face::Empty(
    "system-lock-screen-symbolic",
    "Not Permitted",
    "The memory maps of this process take more rights to read.",
);

const NO_MEMORY: Face<'_> = Face::Empty(
    "gnomon-process-symbolic",
    "No Memory of Its Own",
    "Threads of the kernel and processes that have ended map no memory.",
);

/// The window.
pub struct MemoryMapsDialog {
    proc_dir: PathBuf,
    picked: Picked,
    settings: Settings,
    window: adw::Window,
    widgets: WindowWidgets,
    grid: Grid,
    shown: Rc<RefCell<Shown>>,
    style: Rc<Cell<UnitStyle>>,
    order: Order,
    arranging: bool,
    cancel: Arc<AtomicBool>,
}

/// What the window starts from.
pub struct MemoryMapsInit {
    /// The window that it belongs to.
    pub parent: gtk::Window,
    /// What the person chose.
    pub settings: Settings,
    /// Where procfs is.
    pub proc_dir: PathBuf,
    /// The process.
    pub picked: Picked,
}

/// What the window is told.
#[derive(Debug)]
pub enum MemoryMapsInput {
    /// Time to look again.
    Tick,
    /// The first answer takes long.
    SayWaiting,
    /// The header of a column was clicked.
    SortChanged,
    /// The words in the filter.
    Filter(String),
    /// Another selection.
    SelectionChanged,
    /// Other rows came into view.
    Scrolled,
    /// The selected rows to the clipboard.
    Copy,
}

/// What the window reports.
#[derive(Debug)]
pub enum MemoryMapsOutput {
    /// It was closed.
    Closed,
}

/// What the threads say.
#[derive(Debug)]
pub enum News {
    /// The mappings without their usage, to begin with.
    Outline(Shown),
    /// The mappings now, and how long it took.
    Read(Result<Shown, InspectError>, Duration),
    /// The mappings in another order.
    Arranged(Shown),
}

impl Component for MemoryMapsDialog {
    type CommandOutput = News;
    type Init = MemoryMapsInit;
    type Input = MemoryMapsInput;
    type Output = MemoryMapsOutput;
    type Root = adw::Window;
    type Widgets = ();

    fn init_root() -> Self::Root {
        adw::Window::builder().default_width(1000).default_height(560).build()
    }

    fn init(init: MemoryMapsInit, window: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let MemoryMapsInit { parent, settings, proc_dir, picked } = init;
        let subject = picked.subject().to_string();
        window.set_transient_for(Some(&parent));
        window.set_title(Some(&format!("Memory Maps — {subject}")));
        window.set_size_request(320, 240);

        let order = Order::default();
        let shown = Rc::new(RefCell::new(Shown::default()));
        let style = Rc::new(Cell::new(settings.unit_style()));
        let headings = COLUMNS.iter().map(|column| column.heading).collect();
        let grid = Grid::new("Memory Maps", headings, order.sort, writer(&shown, &style));
        let input = |make: fn() -> MemoryMapsInput| {
            let sender = sender.input_sender().clone();
            move || sender.emit(make())
        };
        grid.connect(
            input(|| MemoryMapsInput::SortChanged),
            input(|| MemoryMapsInput::SelectionChanged),
            input(|| MemoryMapsInput::Scrolled),
        );
        let widgets = WindowWidgets::build(&window, &subject, &grid, &sender);
        let closed = sender.output_sender().clone();
        window.connect_close_request(move |_| {
            let _ = closed.send(MemoryMapsOutput::Closed);
            glib::Propagation::Proceed
        });
        emit_after(SAY_WAITING, MemoryMapsInput::SayWaiting, &sender);

        let model = Self {
            proc_dir,
            picked,
            settings,
            window,
            widgets,
            grid,
            shown,
            style,
            order,
            arranging: false,
            cancel: Arc::default(),
        };
        model.first_look(&sender);
        GtkWindowExt::set_focus(&model.window, Some(model.grid.view()));
        model.window.present();
        ComponentParts { model, widgets: () }
    }

    fn update(&mut self, message: MemoryMapsInput, sender: ComponentSender<Self>, _: &Self::Root) {
        match message {
            MemoryMapsInput::Tick => self.tick(&sender),
            MemoryMapsInput::SayWaiting => self.widgets.say_waiting(),
            MemoryMapsInput::SortChanged => self.sort_changed(&sender),
            MemoryMapsInput::Filter(words) => self.filter(words, &sender),
            MemoryMapsInput::SelectionChanged => self.write_count(),
            MemoryMapsInput::Scrolled => self.grid.refresh(),
            MemoryMapsInput::Copy => self.copy(),
        }
    }

    fn update_cmd(&mut self, news: News, sender: ComponentSender<Self>, _: &Self::Root) {
        match news {
            News::Outline(shown) => self.show(shown, &sender),
            News::Read(answer, took) => self.answered(answer, took, &sender),
            News::Arranged(shown) => self.arranged(shown, &sender),
        }
    }

    fn shutdown(&mut self, (): &mut Self::Widgets, _: relm4::Sender<Self::Output>) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl MemoryMapsDialog {
    /// Reads what is quick to read, and then everything.
    fn first_look(&self, sender: &ComponentSender<Self>) {
        let look = self.look();
        sender.command(move |out, shutdown| {
            let looks = async move {
                let quick = look.clone();
                if let Ok(Ok(shown)) = relm4::spawn_blocking(move || quick.outline()).await {
                    out.emit(News::Outline(shown));
                }
                if let Ok(news) = relm4::spawn_blocking(move || look.read()).await {
                    out.emit(news);
                }
            };
            shutdown.register(looks).drop_on_shutdown()
        });
    }

    /// Looks again, when there is something to see and somebody who could see it.
    fn tick(&self, sender: &ComponentSender<Self>) {
        let minimised = self
            .window
            .surface()
            .and_downcast::<gdk::Toplevel>()
            .is_some_and(|toplevel| toplevel.state().contains(gdk::ToplevelState::MINIMIZED));
        if minimised || !self.window.is_mapped() {
            return emit_after(INTERVAL, MemoryMapsInput::Tick, sender);
        }
        let look = self.look();
        sender.spawn_oneshot_command(move || look.read());
    }

    fn look(&self) -> Look {
        let (proc_dir, cancel) = (self.proc_dir.clone(), Arc::clone(&self.cancel));
        Look { proc_dir, id: self.picked.id, order: self.order.clone(), cancel }
    }

    fn answered(
        &mut self,
        answer: Result<Shown, InspectError>,
        took: Duration,
        sender: &ComponentSender<Self>,
    ) {
        let seen = !self.shown.borrow().maps().rows.is_empty();
        match answer {
            // A zombie keeps its pid and has no memory any more.
            Ok(now) if seen && now.maps().rows.is_empty() => return self.say_ended(),
            Ok(now) => {
                self.widgets.notice(now.lacks_usage().then_some(NO_USAGE));
                self.show(now, sender);
            }
            Err(InspectError::Cancelled) => return,
            Err(InspectError::Gone) => return self.say_ended(),
            Err(error) if seen => self.widgets.notice(Some(&format!("Not up to date: {error}"))),
            Err(InspectError::Denied(_)) => self.widgets.show(DENIED),
            Err(error) => {
                self.widgets.show(Face::Empty(
                    "dialog-warning-symbolic",
                    "Cannot Read Memory Maps",
                    &error.to_string(),
                ));
            }
        }
        emit_after(INTERVAL.max(took * SHARE), MemoryMapsInput::Tick, sender);
    }

    /// The last known mappings stay, and are not looked for again.
    fn say_ended(&mut self) {
        let subject = self.picked.subject();
        if self.shown.borrow().maps().rows.is_empty() {
            self.widgets.show(Face::Empty(
                "gnomon-process-symbolic",
                "Process Has Ended",
                &subject.to_string(),
            ));
        } else {
            self.widgets.notice(Some(&format!("{subject} has ended. This is what was last known.")));
        }
    }

    /// Replaces what is shown; scroll, selection and sorting stay.
    fn show(&mut self, now: Shown, sender: &ComponentSender<Self>) {
        let selected = self.selected_starts();
        let stale = now.order != self.order;
        let rows = u32::try_from(now.len()).unwrap_or(u32::MAX);
        let positions = gtk::Bitset::new_empty();
        now.positions_of(&selected).for_each(|row| {
            positions.add(row);
        });
        let before = self.shown.replace(now);
        // Thousands of names are not given back on the thread that draws.
        relm4::spawn_blocking(move || drop(before));
        self.style.set(self.settings.unit_style());
        self.grid.show(rows, positions);
        self.write_totals();
        self.write_count();
        self.choose_face();
        if stale {
            self.arrange(sender);
        }
    }

    fn choose_face(&self) {
        let shown = self.shown.borrow();
        if shown.len() > 0 {
            self.widgets.show(Face::Table);
        } else if shown.maps().rows.is_empty() {
            self.widgets.show(NO_MEMORY);
        } else {
            let filter = &shown.order.filter;
            self.widgets.show(Face::Empty("system-search-symbolic", "No Mapping Matches", filter));
        }
    }

    fn sort_changed(&mut self, sender: &ComponentSender<Self>) {
        if let Some(sort) = self.grid.sort_from_header() {
            self.order.sort = sort;
            self.arrange(sender);
        }
    }

    fn filter(&mut self, words: String, sender: &ComponentSender<Self>) {
        self.order.filter = words;
        self.arrange(sender);
    }

    /// Puts the mappings in the order that is wanted now, unless a thread is at it: it is asked again then.
    fn arrange(&mut self, sender: &ComponentSender<Self>) {
        if self.arranging || self.shown.borrow().maps().rows.is_empty() {
            return;
        }
        self.arranging = true;
        let (maps, order) = (Arc::clone(self.shown.borrow().maps()), self.order.clone());
        sender.spawn_oneshot_command(move || News::Arranged(Shown::arrange(maps, order)));
    }

    fn arranged(&mut self, now: Shown, sender: &ComponentSender<Self>) {
        self.arranging = false;
        if Arc::ptr_eq(now.maps(), self.shown.borrow().maps()) {
            self.show(now, sender);
        } else if self.shown.borrow().order != self.order {
            // A reading came in between.
            self.arrange(sender);
        }
    }

    fn selected_starts(&self) -> HashSet<u64> {
        let shown = self.shown.borrow();
        selected(&self.grid).filter_map(|row| shown.row(row)).map(|map| map.start).collect()
    }

    fn write_totals(&self) {
        let (shown, style) = (self.shown.borrow(), self.style.get());
        let mut text = String::new();
        for (index, column) in COLUMNS.iter().enumerate() {
            text.clear();
            column.write_total(&shown.total, &style, &mut text);
            self.grid.write_total(index, &text);
        }
    }

    fn write_count(&self) {
        let shown = self.shown.borrow();
        let selected = self.grid.model().selected().size();
        let all = shown.maps().rows.len();
        let text = (all > 0).then(|| count_text(shown.len(), all, selected));
        self.widgets.count(text.as_deref(), selected > 0);
    }

    /// The selected rows as tab-separated text, as they are shown.
    fn copy(&self) {
        let (shown, style) = (self.shown.borrow(), self.style.get());
        let mut text = String::new();
        for map in selected(&self.grid).filter_map(|row| shown.row(row)) {
            for (index, column) in COLUMNS.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "\t" });
                column.write(map, &style, &mut text);
            }
            text.push('\n');
        }
        self.window.clipboard().set_text(&text);
    }
}

/// "1234 mappings", "12 of 1234 mappings · 3 selected".
fn count_text(shown: usize, all: usize, selected: u64) -> String {
    let mappings = if all == 1 { "mapping" } else { "mappings" };
    let count =
        if shown == all { format!("{all} {mappings}") } else { format!("{shown} of {all} {mappings}") };
    if selected == 0 { count } else { format!("{count} · {selected} selected") }
}

fn selected(grid: &Grid) -> impl Iterator<Item = u32> {
    let selected = grid.model().selected();
    let rows = gtk::BitsetIter::init_first(&selected)
        .map(|(rest, first)| std::iter::once(first).chain(rest).collect());
    let rows: Vec<u32> = rows.unwrap_or_default();
    rows.into_iter()
}

fn writer(
    shown: &Rc<RefCell<Shown>>,
    style: &Rc<Cell<UnitStyle>>,
) -> impl Fn(usize, u32, &mut String) + 'static {
    let (shown, style) = (Rc::clone(shown), Rc::clone(style));
    move |column, row, text| {
        if let (Some(column), Some(map)) = (COLUMNS.get(column), shown.borrow().row(row)) {
            column.write(map, &style.get(), text);
        }
    }
}

fn emit_after(time: Duration, message: MemoryMapsInput, sender: &ComponentSender<MemoryMapsDialog>) {
    let sender = sender.input_sender().clone();
    glib::timeout_add_local_once(time, move || drop(sender.send(message)));
}

#[cfg(test)]
mod tests {
    use super::count_text;

    #[test]
    fn the_bottom_bar_counts() {
        assert_eq!(count_text(1, 1, 0), "1 mapping");
        assert_eq!(count_text(20, 20, 0), "20 mappings");
        assert_eq!(count_text(0, 20, 0), "0 of 20 mappings");
        assert_eq!(count_text(5, 20, 2), "5 of 20 mappings · 2 selected");
    }
}
