//! Finding new processes without listing all of `/proc` each time.
//!
//! `/proc/loadavg` ends with the last pid that was given. While it stands still nobody was born. When it
//! has moved, only pids after its old value can be new, and a listing may begin there, because the kernel
//! numbers the entries of `/proc` by pid. What this cannot see (a pid chosen by `clone3` with `set_tid`, a
//! last pid that went once around the whole range) the full listing finds: at least every 30 s.

use rustix::io::Errno;

use crate::kernel::loadavg;
use crate::source::Source;

/// Time between full listings, the safety net.
const FULL_LISTING_NS: u64 = 30_000_000_000;

/// What the watch says about a tick.
#[derive(Debug, PartialEq, Eq)]
pub enum Births {
    /// No pid was given since the last look.
    None,
    /// Pids that are there from this one on; below it, nothing is new.
    From(u32),
    /// All pids that are there.
    All,
}

/// Known pids that may belong to another process by now: those that the kernel may have given again.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Suspects {
    /// No pid was given.
    #[default]
    None,
    /// Pids after the first number and up to the second were given.
    Between(u32, u32),
    /// The kernel went around: pids after the first number, and those up to the second.
    Around(u32, u32),
    /// Nobody says which pids were given.
    All,
}

impl Suspects {
    /// Whether this pid may have been given to another process.
    #[must_use]
    pub fn contains(self, pid: u32) -> bool {
        match self {
            Self::None => false,
            Self::Between(after, upto) => pid > after && pid <= upto,
            Self::Around(after, upto) => pid > after || pid <= upto,
            Self::All => true,
        }
    }

    fn since(before: Option<u32>, last: Option<u32>) -> Self {
        match (before, last) {
            (Some(before), Some(last)) if last == before => Self::None,
            (Some(before), Some(last)) if last > before => Self::Between(before, last),
            (Some(before), Some(last)) => Self::Around(before, last),
            _ => Self::All,
        }
    }
}

/// Remembers where the kernel stood.
#[derive(Debug, Default)]
pub struct BirthWatch {
    last_pid: Option<u32>,
    suspects: Suspects,
    pid_offset: Option<u64>,
    full_at_ns: Option<u64>,
    buffer: Vec<u8>,
}

impl BirthWatch {
    /// Looks for new pids and puts those that are to be looked at into `pids`, ascending.
    ///
    /// # Errors
    /// When `/proc` cannot be listed.
    pub fn look(&mut self, source: &Source, now_ns: u64, pids: &mut Vec<u32>) -> Result<Births, Errno> {
        pids.clear();
        // Read before listing: who is born in between is seen now and looked at once more next time.
        let last_pid = source
            .read("proc/loadavg", &mut self.buffer)
            .ok()
            .and_then(|bytes| loadavg::parse(bytes).last_pid);
        let before = std::mem::replace(&mut self.last_pid, last_pid);
        self.suspects = Suspects::since(before, last_pid);
        let due = self.full_at_ns.is_none_or(|at| now_ns.saturating_sub(at) >= FULL_LISTING_NS);
        if let (false, Some(before), Some(last)) = (due || !source.is_live(), before, last_pid) {
            if last == before {
                return Ok(Births::None);
            }
            if let (true, Some(offset)) = (last > before, self.pid_offset) {
                let first = before + 1;
                source.list_pids(Some(offset + u64::from(first)), pids)?;
                if pids.first().is_none_or(|&pid| pid >= first) && pids.is_sorted() {
                    return Ok(Births::From(first));
                }
                // The offsets do not mean what they meant: fall through to the whole listing.
                pids.clear();
            }
        }
        let learnt = source.list_pids(None, pids)?;
        self.pid_offset = learnt.or(self.pid_offset).filter(|_| source.is_live());
        self.full_at_ns = Some(now_ns);
        pids.sort_unstable();
        pids.dedup();
        Ok(Births::All)
    }
}

impl BirthWatch {
    /// Which known pids must be looked at again after the last look.
    #[must_use]
    pub fn suspects(&self) -> Suspects {
        self.suspects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pids_that_were_given_are_suspected() {
        let suspected = |before, last| {
            let suspects = Suspects::since(before, last);
            (1..=6).filter(|&pid| suspects.contains(pid)).collect::<Vec<_>>()
        };
        assert_eq!(suspected(Some(3), Some(3)), [] as [u32; 0]);
        assert_eq!(suspected(Some(2), Some(4)), [3, 4]);
        assert_eq!(suspected(Some(4), Some(2)), [1, 2, 5, 6]);
        assert_eq!(suspected(None, Some(2)), [1, 2, 3, 4, 5, 6]);
        assert_eq!(suspected(Some(2), None), [1, 2, 3, 4, 5, 6]);
    }
    use std::process::Command;

    #[test]
    fn a_child_is_found_by_a_short_listing() {
        let source = Source::live().unwrap();
        let mut watch = BirthWatch::default();
        let mut pids = Vec::new();
        assert_eq!(watch.look(&source, 0, &mut pids).unwrap(), Births::All);
        let everyone = pids.len();
        // A wrap of the pid counter just here asks for a whole listing, so it may take a second child.
        for _ in 0..3 {
            let mut child = Command::new("sleep").arg("60").spawn().unwrap();
            let births = watch.look(&source, 1, &mut pids).unwrap();
            let found = pids.contains(&child.id());
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(found, "{births:?} {pids:?}");
            if let Births::From(first) = births {
                assert!(pids.iter().all(|&pid| pid >= first) && pids.len() <= everyone);
                return;
            }
        }
        panic!("three whole listings in a row");
    }
}
