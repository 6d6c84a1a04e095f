//! The two-speed sampler: the only code that reads processes and system facts at each tick.
//!
//! A process that used no CPU did nothing, so its CPU clock (no file, no descriptor) decides whether any of
//! its files is read. What can change in a sleeper without its doing (reclaim, renice, a move to another
//! group) is met by a slow rotation: each process is read afresh within [`ROTATION_TICKS`] ticks.

mod details;
mod facts;
mod reader;

use std::sync::Arc;

use rustix::io::Errno;

use self::details::FirstNamespaces;
use self::reader::{Reader, Urgency};
use super::births::{BirthWatch, Births};
use super::control_group::ControlGroups;
use super::seats::SeatWatch;
use super::system::SystemReader;
use super::users::UserWatch;
use super::{Demand, FileSystemWatch, Machine, Moment, Needs, Process, Sample};
use crate::kernel::uptime;
use crate::source::{Source, SourceError};

/// Every process is read afresh once in so many ticks, moved or not.
pub const ROTATION_TICKS: u32 = 60;

/// Reads the machine, tick by tick.
pub struct Sampler {
    source: Source,
    machine: Arc<Machine>,
    entries: Vec<Entry>,
    unreadable: Vec<u32>,
    births: BirthWatch,
    names: Names,
    system: SystemReader,
    file_systems: FileSystemWatch,
    clocks: Clocks,
    tick: u32,
    room: Room,
}

/// What processes have in common and is looked up once for all of them.
#[derive(Default)]
struct Names {
    users: UserWatch,
    seats: SeatWatch,
    groups: ControlGroups,
    namespaces: FirstNamespaces,
}

/// Buffers that live as long as the sampler, so that a tick allocates nothing for them.
#[derive(Default)]
struct Room {
    file: Vec<u8>,
    pids: Vec<u32>,
    dead: Vec<u32>,
    born: Vec<Entry>,
}

/// What the sampler remembers of a process between ticks; small, because all of them are walked each tick.
struct Entry {
    pid: u32,
    parent: u32,
    cpu_ns: u64,
    process: Arc<Process>,
    /// What was wanted when it was read last, and so is known unless it is refused.
    read: Needs,
    /// What is refused or does not exist: asked for again at its turn in the rotation.
    refused: Needs,
}

/// What is read for each process at a tick.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    /// Only of [`Needs::OF_PROCESSES`].
    needs: Needs,
    costly_of_all: bool,
    /// The kernel counts I/O delays, and somebody wants them.
    io_delay: bool,
}

/// Whether CPU clocks can be trusted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clocks {
    Readable,
    /// Not the running machine, an old kernel or a sandbox: `stat` of everyone instead.
    Absent,
}

/// What became of one process at a tick.
enum Fate {
    Same,
    /// A row as before, but whoever it had for children has another parent: it is a zombie now, or its pid
    /// was given to another process.
    LeftChildren,
    Gone,
    Refused,
}

impl Sampler {
    /// A sampler of this source. Reads nothing of the processes yet.
    #[must_use]
    pub fn new(source: Source) -> Self {
        let clocks = match source.cpu_ns_of(std::process::id()) {
            Ok(_) => Clocks::Readable,
            Err(_) => Clocks::Absent,
        };
        Self {
            machine: Arc::new(Machine::read(&source)),
            file_systems: FileSystemWatch::new(source.clone()),
            names: Names::default(),
            system: SystemReader::default(),
            entries: Vec::new(),
            unreadable: Vec::new(),
            births: BirthWatch::default(),
            clocks,
            tick: 0,
            room: Room::default(),
            source,
        }
    }

    /// The machine that is read.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Reads everything that `demand` asks for.
    ///
    /// # Errors
    /// Only when `/proc` itself cannot be listed; a file that is missing or refused is an absent value.
    pub fn tick(&mut self, demand: &Demand) -> Result<Sample, SourceError> {
        let time = self.now(demand);
        self.tick = self.tick.wrapping_add(1);
        if demand.needs.contains(Needs::PROCESSES) {
            self.refresh_processes(demand, time.monotonic_ns)
                .map_err(|error| SourceError::at(self.source.root().join("proc"), error))?;
            self.names.users.resolve(&self.source, self.tick);
            if demand.needs.contains(Needs::SEATS) {
                self.names.seats.resolve(&self.source, self.tick);
            }
        }
        let mut system = self.system.read(&self.source, demand.needs);
        if demand.needs.contains(Needs::FILE_SYSTEMS) {
            system.file_systems = self.file_systems.latest(time.monotonic_ns);
        }
        let processes = if demand.needs.contains(Needs::PROCESSES) {
            self.entries.iter().map(|entry| Arc::clone(&entry.process)).collect()
        } else {
            Vec::new()
        };
        Ok(Sample {
            time,
            machine: Arc::clone(&self.machine),
            users: self.names.users.names(),
            seats: self.names.seats.seats(),
            processes,
            unreadable: self.unreadable.clone(),
            system,
        })
    }

    /// Now, with the boot time of the machine that is read: ages of its processes are counted from there.
    fn now(&mut self, demand: &Demand) -> Moment {
        let mut time = self.source.now();
        if !self.source.is_live() && demand.needs.contains(Needs::PROCESSES) {
            let up = self.source.read("proc/uptime", &mut self.room.file).ok();
            let up = up.and_then(|bytes| uptime::parse(bytes).uptime_secs);
            // `as` saturates; without a time since boot no age is known.
            time.boottime_ns = up.map_or(0, |seconds| (seconds * 1e9) as u64);
        }
        time
    }

    /// Waits until file systems have answered or their deadline has passed, for a program that takes one
    /// sample and ends.
    pub fn wait_for_file_systems(&mut self) {
        self.file_systems.wait();
    }

    fn refresh_processes(&mut self, demand: &Demand, now_ns: u64) -> Result<(), Errno> {
        if self.tick.is_multiple_of(ROTATION_TICKS) {
            self.names.groups.forget_empty();
        }
        let mut pids = std::mem::take(&mut self.room.pids);
        let births = self.births.look(&self.source, now_ns, &mut pids);
        let births = match births {
            Ok(births) => births,
            Err(error) => {
                self.room.pids = pids;
                return Err(error);
            }
        };
        let wanted = self.wanted(demand);
        self.forget_dead_strangers();
        self.refresh_known(demand, wanted);
        self.refresh_orphans(wanted);
        self.add_newborn(wanted, &births, &pids);
        self.room.pids = pids;
        self.unreadable.sort_unstable();
        self.unreadable.dedup();
        Ok(())
    }

    /// What is read for each process.
    fn wanted(&mut self, demand: &Demand) -> Wanted {
        let needs = demand.needs & Needs::OF_PROCESSES;
        // A kernel of old has no such file, and counts.
        let mut off =
            || self.source.read("proc/sys/kernel/task_delayacct", &mut self.room.file) == Ok(b"0\n");
        Wanted {
            needs,
            costly_of_all: demand.costly_of_all,
            io_delay: needs.contains(Needs::IO_DELAY) && !off(),
        }
    }

    /// Who may not be read is counted, but only while it is there.
    fn forget_dead_strangers(&mut self) {
        let Self { source, clocks, unreadable, .. } = self;
        unreadable.retain(|&pid| match clocks {
            Clocks::Readable => source.cpu_ns_of(pid) != Err(Errno::INVAL),
            Clocks::Absent => !source.owner_of(pid).is_err_and(is_gone),
        });
    }

    /// Looks at every process that was there a tick ago.
    fn refresh_known(&mut self, demand: &Demand, wanted: Wanted) {
        let suspects = self.births.suspects();
        let turn = self.tick % ROTATION_TICKS;
        let Self { source, clocks, entries, room, unreadable, names, .. } = self;
        let mut reader = Reader { source, buffer: &mut room.file, clocks: *clocks, names, wanted };
        let mut in_view = demand.in_view.iter().map(|id| id.pid).collect::<Vec<_>>();
        in_view.sort_unstable();
        entries.retain_mut(|entry| {
            let clock = reader.clock(entry.pid);
            let urgency = if entry.pid % ROTATION_TICKS == turn {
                Urgency::Turn
            } else if in_view.binary_search(&entry.pid).is_ok() {
                Urgency::InView
            } else {
                Urgency::Moved
            };
            let still = clock == Some(entry.cpu_ns)
                && urgency == Urgency::Moved
                && entry.read.contains(wanted.needs)
                && !suspects.contains(entry.pid);
            if still {
                return true;
            }
            match reader.refresh(entry, clock, urgency) {
                Fate::Same => true,
                Fate::LeftChildren => {
                    room.dead.push(entry.pid);
                    true
                }
                Fate::Gone => {
                    room.dead.push(entry.pid);
                    false
                }
                Fate::Refused => {
                    unreadable.push(entry.pid);
                    false
                }
            }
        });
    }

    /// A process that lost its parent has another one now, without having run.
    fn refresh_orphans(&mut self, wanted: Wanted) {
        if self.room.dead.is_empty() {
            return;
        }
        let mut dead = std::mem::take(&mut self.room.dead);
        dead.sort_unstable();
        let Self { source, clocks, entries, room, unreadable, names, .. } = self;
        let mut reader = Reader { source, buffer: &mut room.file, clocks: *clocks, names, wanted };
        entries.retain_mut(|entry| {
            if dead.binary_search(&entry.parent).is_err() {
                return true;
            }
            let clock = reader.clock(entry.pid);
            let fate = reader.refresh(entry, clock, Urgency::Moved);
            // Who died just now leaves children too: they are looked at in the next tick.
            if matches!(fate, Fate::LeftChildren | Fate::Gone) {
                room.dead.push(entry.pid);
            }
            if matches!(fate, Fate::Refused) {
                unreadable.push(entry.pid);
            }
            matches!(fate, Fate::Same | Fate::LeftChildren)
        });
    }

    /// Reads those of `pids` that are not known yet and puts them in their places.
    fn add_newborn(&mut self, wanted: Wanted, births: &Births, pids: &[u32]) {
        match births {
            Births::None => return,
            // Refusals are asked again where anything may have changed.
            Births::From(first) => self.unreadable.retain(|pid| pid < first),
            Births::All => self.unreadable.clear(),
        }
        let mut born = std::mem::take(&mut self.room.born);
        let mut reader = Reader {
            source: &self.source,
            buffer: &mut self.room.file,
            clocks: self.clocks,
            names: &mut self.names,
            wanted,
        };
        let mut known = self.entries.iter().map(|entry| entry.pid).peekable();
        for &pid in pids {
            while known.next_if(|&k| k < pid).is_some() {}
            if known.peek() == Some(&pid) {
                continue;
            }
            match reader.first_sight(pid) {
                Ok(Some(entry)) => born.push(entry),
                Ok(None) => {}
                Err(_) => self.unreadable.push(pid),
            }
        }
        if !born.is_empty() {
            // New pids are mostly the highest: both runs are sorted, so this is a merge.
            self.entries.append(&mut born);
            self.entries.sort_by_key(|entry| entry.pid);
        }
        self.room.born = born;
    }
}

/// The process ended: a matter of course, never an error.
#[must_use]
pub fn is_gone(error: Errno) -> bool {
    matches!(error, Errno::NOENT | Errno::SRCH)
}

/// More rights would show it.
#[must_use]
pub fn is_denied(error: Errno) -> bool {
    matches!(error, Errno::PERM | Errno::ACCESS)
}
