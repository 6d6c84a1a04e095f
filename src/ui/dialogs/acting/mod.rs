//! Acting on processes: takes hold of those that were picked, asks, acts, and tells what came of it.
//!
//! ```text
//!  Wanted ──hold──▶ Held ──▶ question, priority dialog, or nothing to ask ──act──▶ Acted ──▶ toasts
//!        (thread)            (the processes stay in hand)              (thread)
//! ```
//!
//! Whatever waits for the system runs as a command; the dialogs wait for the person.

mod held;
mod question;
mod tell;

pub use self::tell::processes;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use relm4::adw::prelude::*;
use relm4::prelude::*;
use relm4::{adw, gtk};

use gnomon::actions::{Action, Nice, Outcome, ProcessAction, Signal, Subject, Words};
use gnomon::identity::ProcessId;

use self::held::{Held, Holding, PATIENCE};
use super::memory_maps::{MemoryMapsDialog, MemoryMapsInit, MemoryMapsOutput};
use super::picked::Picked;
use super::priority::{PriorityDialog, PriorityOutput};
use crate::ui::processes::Wish;
use crate::ui::settings::Settings;

/// More windows at once are a slip of the hand.
const MAX_WINDOWS: usize = 8;

/// What the person is asked, by number.
pub type Ticket = u64;

/// Everything that is under way.
pub struct Acting {
    parent: gtk::Window,
    settings: Settings,
    proc_dir: PathBuf,
    pending: HashMap<Ticket, Pending>,
    last_ticket: Ticket,
    maps: HashMap<ProcessId, Controller<MemoryMapsDialog>>,
}

/// Something that waits for the person, and the processes that are held for it.
struct Pending {
    deed: Deed,
    held: Vec<Arc<Held>>,
    face: Face,
    closed: Arc<AtomicBool>,
}

/// Where the person can answer.
enum Face {
    Question(adw::MessageDialog),
    Priority(Controller<PriorityDialog>),
    Offer,
}

/// What is to be done, once it is known.
#[derive(Debug, Clone)]
enum Deed {
    Action(&'static Action),
    SetNice(Nice),
    ChoosePriority,
}

/// What this is told.
#[derive(Debug)]
pub enum ActingInput {
    /// The person wants this done with these processes.
    Wanted(Wish, Vec<Picked>),
    /// The answer to a question; to one that is no longer asked it means nothing.
    Answered(Ticket, bool),
    /// The nice value chosen.
    Chosen(Ticket, Nice),
    /// A window with memory maps was closed.
    MapsClosed(ProcessId),
}

/// What this reports.
#[derive(Debug)]
pub enum ActingOutput {
    /// Something to tell. Plain text, not markup.
    Toast(Note),
}

/// A toast.
#[derive(Debug)]
pub struct Note {
    /// What is told.
    pub text: String,
    /// A button, and the question that pressing it answers with yes and the end of the toast with no.
    pub offer: Option<(&'static str, Ticket)>,
}

/// What the threads say.
#[derive(Debug)]
pub enum News {
    /// These are in hand.
    Held(Purpose, Holding),
    /// It was done, or not.
    Acted(Purpose, Vec<Arc<Held>>, Vec<Outcome>),
    /// All that a question is about have ended.
    AllEnded(Ticket),
}

/// A [`Deed`] on its way through a thread.
#[derive(Debug)]
pub struct Purpose(Deed);

impl Component for Acting {
    type CommandOutput = News;
    type Init = (gtk::Window, Settings, PathBuf);
    type Input = ActingInput;
    type Output = ActingOutput;
    type Root = ();
    type Widgets = ();

    fn init_root() {}

    fn init(
        (parent, settings, proc_dir): Self::Init,
        (): (),
        _: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let (pending, maps) = (HashMap::new(), HashMap::new());
        ComponentParts {
            model: Self { parent, settings, proc_dir, pending, last_ticket: 0, maps },
            widgets: (),
        }
    }

    fn update(&mut self, message: ActingInput, sender: ComponentSender<Self>, (): &()) {
        match message {
            ActingInput::Wanted(wish, picked) => self.wanted(&wish, picked, &sender),
            ActingInput::Answered(ticket, yes) => self.answered(ticket, yes, &sender),
            ActingInput::Chosen(ticket, nice) => self.chosen(ticket, nice, &sender),
            ActingInput::MapsClosed(id) => drop(self.maps.remove(&id)),
        }
    }

    fn update_cmd(&mut self, news: News, sender: ComponentSender<Self>, (): &()) {
        match news {
            News::Held(Purpose(deed), holding) => self.held(deed, holding, &sender),
            News::Acted(Purpose(deed), held, outcomes) => self.acted(&deed, held, outcomes, &sender),
            News::AllEnded(ticket) => self.all_ended(ticket, &sender),
        }
    }
}

impl Acting {
    fn wanted(&mut self, wish: &Wish, picked: Vec<Picked>, sender: &ComponentSender<Self>) {
        let deed = match *wish {
            Wish::MemoryMaps => return self.open_maps(picked, sender),
            Wish::ChangePriority => Some(Deed::ChoosePriority),
            Wish::SetNice(value) => i8::try_from(value).ok().and_then(Nice::new).map(Deed::SetNice),
            Wish::Action(id) => Action::by_id(id).map(Deed::Action),
        };
        let Some(deed) = deed else { return };
        let proc_dir = self.proc_dir.clone();
        // At once, before any question: what is in hand cannot turn into another process with its pid.
        sender.spawn_oneshot_command(move || News::Held(Purpose(deed), held::hold(&proc_dir, picked)));
    }

    fn held(&mut self, deed: Deed, holding: Holding, sender: &ComponentSender<Self>) {
        tell(&deed.words(), &holding.refused, sender);
        let held = holding.held;
        if held.is_empty() {
            return;
        }
        match &deed {
            Deed::ChoosePriority => self.open_priority(held, sender),
            Deed::Action(Action { confirm: Some(_), .. }) if self.settings.confirm_actions() => {
                self.ask(deed, held, sender);
            }
            Deed::Action(_) | Deed::SetNice(_) => act(deed, held, sender),
        }
    }

    fn ask(&mut self, deed: Deed, held: Vec<Arc<Held>>, sender: &ComponentSender<Self>) {
        let Deed::Action(action) = deed else { return };
        let Some(confirm) = &action.confirm else { return };
        let ticket = self.ticket();
        let picked: Vec<_> = held.iter().map(|one| one.picked.clone()).collect();
        let input = sender.input_sender().clone();
        let dialog = question::ask(&self.parent, action, confirm, &picked, move |yes| {
            input.emit(ActingInput::Answered(ticket, yes));
        });
        self.wait_for_answer(ticket, deed, held, Face::Question(dialog), sender);
    }

    fn open_priority(&mut self, held: Vec<Arc<Held>>, sender: &ComponentSender<Self>) {
        let ticket = self.ticket();
        let picked: Vec<_> = held.iter().map(|one| one.picked.clone()).collect();
        let dialog = PriorityDialog::builder().launch((self.parent.clone(), picked)).forward(
            sender.input_sender(),
            move |output| match output {
                PriorityOutput::Chosen(nice) => ActingInput::Chosen(ticket, nice),
                PriorityOutput::Cancelled => ActingInput::Answered(ticket, false),
            },
        );
        self.wait_for_answer(ticket, Deed::ChoosePriority, held, Face::Priority(dialog), sender);
    }

    /// Keeps the processes until there is an answer, and takes the question back when they have all ended.
    fn wait_for_answer(
        &mut self,
        ticket: Ticket,
        deed: Deed,
        held: Vec<Arc<Held>>,
        face: Face,
        sender: &ComponentSender<Self>,
    ) {
        let closed = Arc::new(AtomicBool::new(false));
        let (watched, forget) = (held.clone(), Arc::clone(&closed));
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    let ended =
                        relm4::spawn_blocking(move || held::wait_until_all_ended(&watched, &forget)).await;
                    if ended.unwrap_or(false) {
                        out.emit(News::AllEnded(ticket));
                    }
                })
                .drop_on_shutdown()
        });
        self.pending.insert(ticket, Pending { deed, held, face, closed });
    }

    fn answered(&mut self, ticket: Ticket, yes: bool, sender: &ComponentSender<Self>) {
        if let Some(pending) = self.pending.remove(&ticket) {
            let (deed, held) = pending.close();
            if yes {
                act(deed, held, sender);
            }
        }
    }

    fn chosen(&mut self, ticket: Ticket, nice: Nice, sender: &ComponentSender<Self>) {
        if let Some(pending) = self.pending.remove(&ticket) {
            act(Deed::SetNice(nice), pending.close().1, sender);
        }
    }

    fn all_ended(&mut self, ticket: Ticket, sender: &ComponentSender<Self>) {
        if let Some(pending) = self.pending.remove(&ticket) {
            let (_, held) = pending.close();
            let who: Vec<_> = held.iter().map(|one| one.picked.subject()).collect();
            toast(tell::all_ended(&who), sender);
        }
    }

    fn acted(
        &mut self,
        deed: &Deed,
        held: Vec<Arc<Held>>,
        outcomes: Vec<Outcome>,
        sender: &ComponentSender<Self>,
    ) {
        let asked_to_end = matches!(deed.kind(), Some(ProcessAction::Signal(Signal::TERM)));
        let (mut told, mut running) = (Vec::new(), Vec::new());
        for (one, outcome) in held.into_iter().zip(outcomes) {
            if asked_to_end && outcome == Outcome::StillRunning {
                running.push(one);
            } else {
                told.push((one.picked.subject(), outcome));
            }
        }
        tell(&deed.words(), &told, sender);
        self.offer_kill(running, sender);
    }

    /// What did not end when it was asked to can be killed by a button in the toast that says so.
    fn offer_kill(&mut self, running: Vec<Arc<Held>>, sender: &ComponentSender<Self>) {
        let Some(kill) = Action::by_id("kill") else { return };
        if running.is_empty() {
            return;
        }
        let who: Vec<Subject> = running.iter().map(|one| one.picked.subject()).collect();
        let ticket = self.ticket();
        let closed = Arc::default();
        self.pending
            .insert(ticket, Pending { deed: Deed::Action(kill), held: running, face: Face::Offer, closed });
        let note = Note { text: tell::still_running(&who), offer: Some((kill.title, ticket)) };
        let _ = sender.output(ActingOutput::Toast(note));
    }

    fn open_maps(&mut self, picked: Vec<Picked>, sender: &ComponentSender<Self>) {
        if picked.len() > MAX_WINDOWS {
            return toast(format!("Memory maps open for at most {MAX_WINDOWS} processes at once"), sender);
        }
        for picked in picked {
            let id = picked.id;
            if let Some(open) = self.maps.get(&id) {
                open.widget().present();
                continue;
            }
            let init = MemoryMapsInit {
                parent: self.parent.clone(),
                settings: self.settings.clone(),
                proc_dir: self.proc_dir.clone(),
                picked,
            };
            let window = MemoryMapsDialog::builder()
                .launch(init)
                .forward(sender.input_sender(), move |MemoryMapsOutput::Closed| ActingInput::MapsClosed(id));
            self.maps.insert(id, window);
        }
    }

    fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        self.last_ticket
    }
}

impl Pending {
    /// Takes the question off the screen.
    fn close(self) -> (Deed, Vec<Arc<Held>>) {
        self.closed.store(true, Ordering::Relaxed);
        match &self.face {
            Face::Question(dialog) => dialog.destroy(),
            Face::Priority(dialog) => dialog.widget().destroy(),
            Face::Offer => {}
        }
        (self.deed, self.held)
    }
}

impl Deed {
    /// What the library is asked to do; `None` while that has yet to be chosen.
    fn kind(&self) -> Option<ProcessAction> {
        match self {
            Self::Action(action) => Some(action.kind),
            Self::SetNice(nice) => Some(ProcessAction::SetNice(*nice)),
            Self::ChoosePriority => None,
        }
    }

    fn words(&self) -> Words {
        match self {
            Self::Action(action) => action.words.clone(),
            Self::SetNice(nice) => ProcessAction::SetNice(*nice).words(),
            Self::ChoosePriority => ProcessAction::SetNice(Nice::default()).words(),
        }
    }
}

fn act(deed: Deed, held: Vec<Arc<Held>>, sender: &ComponentSender<Acting>) {
    let Some(kind) = deed.kind() else { return };
    sender.spawn_oneshot_command(move || {
        let outcomes = held::act_on(&held, kind, PATIENCE);
        News::Acted(Purpose(deed), held, outcomes)
    });
}

fn tell(words: &Words, told: &[(Subject, Outcome)], sender: &ComponentSender<Acting>) {
    for sentence in tell::sentences(words, told) {
        toast(sentence, sender);
    }
}

fn toast(text: String, sender: &ComponentSender<Acting>) {
    let _ = sender.output(ActingOutput::Toast(Note { text, offer: None }));
}
