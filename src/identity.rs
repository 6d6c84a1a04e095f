//! Which process: a pid together with the moment it started, never a pid alone.
//!
//! The kernel hands the pid of a dead process to the next one. Whoever keeps a process in hand (a selected
//! row, an open dialog, an action waiting for confirmation) keeps a [`ProcessId`], and asks again whether the
//! pid still belongs to it. This module reads the one file that says so and nothing else.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use crate::kernel::pid_stat;

/// A process on one machine and in one boot: its pid and when it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProcessId {
    /// The pid in the pid namespace that the sampled /proc belongs to.
    pub pid: u32,
    /// Clock ticks (`sysconf(_SC_CLK_TCK)`, usually 10 ms) from boot to the start of the process:
    /// `/proc/[pid]/stat` field 22, `starttime`, proc_pid_stat(5).
    pub start_ticks: u64,
}

impl fmt::Display for ProcessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pid.fmt(f)
    }
}

/// What `/proc/[pid]/stat` says about who a process is, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The pid that was asked for and the start time that was found.
    pub id: ProcessId,
    /// The name as the kernel keeps it (field 2, `comm`): at most 63 arbitrary bytes.
    pub comm: Vec<u8>,
    /// A kernel thread (`PF_KTHREAD` in field 9, `flags`), never told by a name in brackets.
    pub is_kernel_thread: bool,
}

impl Identity {
    /// Reads who has `pid` at this moment. `proc` is the directory that procfs is mounted on, or a copy of one.
    ///
    /// `Ok(None)`: nobody has.
    ///
    /// # Errors
    /// When the file cannot be read for any other reason, or is not a `stat` file.
    pub fn read(proc: &Path, pid: u32) -> io::Result<Option<Self>> {
        let path = proc.join(pid.to_string()).join("stat");
        let mut bytes = Vec::with_capacity(512);
        match File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if is_gone(&error) => return Ok(None),
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
        }
        match Self::parse(pid, &bytes) {
            Some(identity) => Ok(Some(identity)),
            None => {
                let shown = format!("{}: not a stat file", path.display());
                Err(io::Error::new(io::ErrorKind::InvalidData, shown))
            }
        }
    }

    fn parse(pid: u32, stat: &[u8]) -> Option<Self> {
        let stat = pid_stat::parse(stat).ok()?;
        // Something follows the start time, so that this number was not torn off in its middle.
        stat.virtual_bytes?;
        let start_ticks = stat.start_ticks;
        let id = ProcessId { pid, start_ticks };
        Some(Self { id, comm: stat.comm.to_vec(), is_kernel_thread: stat.is_kernel_thread() })
    }
}

/// Whether a failed open or read below `/proc/[pid]` means that there is no such process: `ENOENT` when the
/// directory is gone, `ESRCH` when it went between open and read.
#[must_use]
pub fn is_gone(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::NOENT | Errno::SRCH))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test that meets the unexpected must stop there
mod tests {
    use super::*;

    const KTHREADD: &[u8] =
        b"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 23 0 0 18446744073709551615\n";

    #[test]
    fn kernel_threads_are_known_by_their_flag_and_not_by_their_name() {
        let kthreadd = Identity::parse(2, KTHREADD).unwrap();
        assert!(kthreadd.is_kernel_thread);
        assert_eq!(kthreadd.id, ProcessId { pid: 2, start_ticks: 23 });
        let posing = b"77 ([kthreadd]) S 1 77 77 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 9876 0 0 1\n";
        let posing = Identity::parse(77, posing).unwrap();
        assert!(!posing.is_kernel_thread);
        assert_eq!(posing.comm, b"[kthreadd]");
    }

    #[test]
    fn a_name_cannot_move_the_fields() {
        let stat = b"9 (a) R 1 1 (\n\xff\x1b) S 1 77 77 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 9876 0 0 1\n";
        let identity = Identity::parse(9, stat).unwrap();
        assert_eq!(identity.comm, b"a) R 1 1 (\n\xff\x1b");
        assert_eq!(identity.id.start_ticks, 9876);
    }

    #[test]
    fn a_torn_or_foreign_file_is_no_identity() {
        let start = KTHREADD.windows(4).position(|four| four == b" 23 ").unwrap();
        for end in 0..start + 4 {
            assert_eq!(Identity::parse(2, &KTHREADD[..end]), None, "{end}");
        }
        assert_eq!(Identity::parse(2, b")("), None);
        assert_eq!(Identity::parse(2, b"2 (x) S 0 0 0 0 -1 y 0 0 0 0 0 0 0 0 20 0 1 0 z"), None);
    }

    #[test]
    fn processes_are_ordered_by_pid_and_then_by_start() {
        let at = |pid, start_ticks| ProcessId { pid, start_ticks };
        assert!(at(1, 9) < at(2, 3) && at(2, 3) < at(2, 4));
    }

    #[test]
    fn we_find_ourselves_and_nobody_where_no_pid_can_be() {
        let me = Identity::read(Path::new("/proc"), std::process::id()).unwrap().unwrap();
        assert!(me.id.start_ticks > 0 && !me.is_kernel_thread);
        assert_eq!(Identity::read(Path::new("/proc"), u32::MAX).unwrap(), None);
    }
}
