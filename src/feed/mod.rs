//! The background sampler: a thread that owns the [`Sampler`] and delivers a [`Snapshot`] each tick.
//!
//! Words to it are [`Control`]; what it says are [`Update`]s, handed to a closure on its thread.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::sample::{Demand, Needs, Sample, Sampler};
use crate::snapshot::Snapshot;
use crate::source::Source;

/// After the first sample the second comes early, so that rates are there before anybody waits for them.
const FIRST_INTERVAL: Duration = Duration::from_millis(250);

/// Snapshots kept here, so that the last owner of a large one is this thread and not the one that draws.
const KEPT: usize = 3;

/// Words to the feed.
#[derive(Debug, Clone)]
pub enum Control {
    /// Sample this from now on, and at once when it is more than before.
    Demand(Demand),
    /// Time between two ticks.
    Interval(Duration),
    /// Stop ticking, or go on.
    Pause(bool),
    /// One tick now, paused or not.
    Refresh,
}

/// What the feed says.
#[derive(Debug, Clone)]
pub enum Update {
    /// The machine at this moment.
    Snapshot(Arc<Snapshot>),
    /// The source failed; it is asked again at the next tick.
    Failed(String),
}

/// A running feed; it ends when this is dropped.
#[derive(Debug, Clone)]
pub struct Feed {
    control: Sender<Control>,
}

impl Feed {
    /// Starts sampling `source` on a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        source: Source,
        demand: Demand,
        interval: Duration,
        deliver: impl FnMut(Update) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (control, words) = channel();
        std::thread::Builder::new().name("gnomon-sampler".into()).spawn(move || {
            Ticker::new(Sampler::new(source), demand, interval, deliver).run(&words);
        })?;
        Ok(Self { control })
    }

    /// Says something to the feed. It cannot fail: a feed that has ended wants to hear nothing.
    pub fn send(&self, control: Control) {
        let _ = self.control.send(control);
    }
}

struct Ticker<D> {
    sampler: Sampler,
    demand: Demand,
    interval: Duration,
    paused: bool,
    deliver: D,
    before: Option<Arc<Sample>>,
    kept: VecDeque<Arc<Snapshot>>,
    next: Instant,
}

impl<D: FnMut(Update)> Ticker<D> {
    fn new(sampler: Sampler, demand: Demand, interval: Duration, deliver: D) -> Self {
        Self {
            sampler,
            demand,
            interval,
            paused: false,
            deliver,
            before: None,
            kept: VecDeque::with_capacity(KEPT + 1),
            next: Instant::now(),
        }
    }

    fn run(mut self, words: &Receiver<Control>) {
        loop {
            let heard = if self.is_idle() {
                words.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                words.recv_timeout(self.next.saturating_duration_since(Instant::now()))
            };
            match heard {
                Ok(control) => self.obey(control),
                Err(RecvTimeoutError::Timeout) => self.tick(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.paused || self.demand.needs.is_empty()
    }

    fn obey(&mut self, control: Control) {
        match control {
            Control::Demand(demand) => {
                let more = !self.demand.needs.contains(demand.needs);
                self.demand = demand;
                if more && !self.paused {
                    self.next = Instant::now();
                }
            }
            Control::Interval(interval) => {
                self.next = self.next.min(Instant::now() + interval);
                self.interval = interval;
            }
            Control::Pause(paused) => {
                self.paused = paused;
                self.next = Instant::now();
            }
            Control::Refresh => self.tick(),
        }
    }

    fn tick(&mut self) {
        let early = self.before.as_deref().is_none_or(|before| self.lacks(before));
        self.schedule(if early { self.interval.min(FIRST_INTERVAL) } else { self.interval });
        match self.sampler.tick(&self.demand) {
            Ok(sample) => {
                let sample = Arc::new(sample);
                let snapshot = Snapshot::new(self.before.as_deref(), Arc::clone(&sample));
                let snapshot = Arc::new(snapshot);
                self.before = Some(sample);
                self.kept.push_back(Arc::clone(&snapshot));
                (self.deliver)(Update::Snapshot(snapshot));
                if self.kept.len() > KEPT {
                    self.kept.pop_front();
                }
            }
            Err(error) => (self.deliver)(Update::Failed(error.to_string())),
        }
    }

    /// Whether the last sample has nothing that rates of what is wanted now could be taken from.
    fn lacks(&self, before: &Sample) -> bool {
        let wants = |needs| self.demand.needs.contains(needs);
        (wants(Needs::PROCESSES) && before.processes.is_empty())
            || (wants(Needs::FILE_SYSTEMS) && before.system.file_systems.is_none())
    }

    /// Keeps the beat; a beat that was missed is skipped, not made up for.
    fn schedule(&mut self, interval: Duration) {
        let now = Instant::now();
        self.next += interval;
        if self.next <= now || self.next > now + interval {
            self.next = now + interval;
        }
    }
}
