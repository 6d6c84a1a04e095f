//! The process that was picked, held so that no other can take its place.

use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::{Outcome, Refusal, Subject};
use crate::identity::{Identity, ProcessId};

/// One process, held by a pidfd from the moment the user picked it.
///
/// The pidfd keeps meaning this process after its pid has gone to another. Comparing start times when acting
/// would not do: within one clock tick (10 ms) a pid can be reused and the times be equal.
#[derive(Debug)]
pub struct Target {
    pub(super) pidfd: OwnedFd,
    pub(super) pid: Pid,
    /// `/proc/[pid]`
    pub(super) dir: PathBuf,
    subject: Subject,
}

impl Target {
    /// Takes hold of the process `id`. Call it when the user picks, before any dialog.
    ///
    /// `proc` is where this system's procfs is mounted; `name` is what the user saw (made safe to show), and
    /// when empty the kernel's name is taken.
    ///
    /// # Errors
    /// The [`Outcome`] to tell: `Gone` when `id` no longer is, `Refused` for pid 0 and 1, ourselves, kernel
    /// threads, zombies and processes that were not read from this system's own /proc.
    pub fn open(proc: &Path, id: ProcessId, name: &str) -> Result<Self, Outcome> {
        if id.pid <= 1 {
            return Err(Outcome::Refused(Refusal::Init));
        }
        // A fixture's or a container's pid 4242 is some other process here: nothing may be done to that one.
        if !is_our_own(proc) {
            return Err(Outcome::Refused(Refusal::NotThisMachine));
        }
        if id.pid == std::process::id() {
            return Err(Outcome::Refused(Refusal::Ourselves));
        }
        let raw = i32::try_from(id.pid).map_err(|_| Outcome::Gone)?;
        let pid = Pid::from_raw(raw).ok_or(Outcome::Gone)?;
        let pidfd = pidfd_open(pid, PidfdFlags::empty()).map_err(cannot_open)?;

        // The order matters: the descriptor first, then who that is, then whether it is still alive. A pidfd
        // that is alive now held the pid when stat was read, so what stat said is about this process.
        let identity = Identity::read(proc, id.pid).map_err(|error| Outcome::Failed(error.to_string()))?;
        let ended = wait_for_end(&pidfd, Duration::ZERO);
        match identity {
            // Alive and not to be seen: /proc is mounted with hidepid.
            None if !ended => Err(Outcome::Refused(Refusal::NotPermitted)),
            None => Err(Outcome::Gone),
            Some(identity) if identity.id != id => Err(Outcome::Gone),
            Some(identity) if identity.is_kernel_thread => Err(Outcome::Refused(Refusal::KernelThread)),
            // Not told by state Z: that is also the main thread's when only it has ended, and the process lives.
            Some(_) if ended => match Identity::read(proc, id.pid) {
                Ok(Some(still)) if still.id == id => Err(Outcome::Refused(Refusal::Ended)),
                _ => Err(Outcome::Gone),
            },
            Some(identity) => {
                let dir = proc.join(id.pid.to_string());
                let uid = std::fs::metadata(&dir).ok().map(|directory| directory.uid());
                let name =
                    if name.is_empty() { identity.comm.escape_ascii().to_string() } else { name.to_owned() };
                Ok(Self { pidfd, pid, dir, subject: Subject { id, name, uid } })
            }
        }
    }

    /// The process as sentences name it.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Whether the process has ended: gone, or a zombie.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.wait_for_end(Duration::ZERO)
    }

    /// Waits until the process has ended, at most for `patience`; whether it has. Blocks, so never call it on
    /// the main thread.
    #[must_use]
    pub fn wait_for_end(&self, patience: Duration) -> bool {
        wait_for_end(&self.pidfd, patience)
    }
}

/// A pidfd becomes readable when the last thread of its process has ended, pidfd_open(2).
fn wait_for_end(pidfd: &OwnedFd, patience: Duration) -> bool {
    let start = Instant::now();
    loop {
        let left = patience.saturating_sub(start.elapsed());
        // Too long for a timespec is as good as for ever.
        let timeout = Timespec::try_from(left).ok();
        let mut fds = [PollFd::new(pidfd, PollFlags::IN)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(ready) => return ready > 0,
            Err(Errno::INTR) => {}
            // Not known to have ended.
            Err(_) => return false,
        }
    }
}

/// Whether `proc` is a procfs whose pids mean the same processes as in our own system calls.
fn is_our_own(proc: &Path) -> bool {
    let is_procfs = rustix::fs::statfs(proc).is_ok_and(|fs| fs.f_type == rustix::fs::PROC_SUPER_MAGIC);
    let us = PathBuf::from(std::process::id().to_string());
    is_procfs && std::fs::read_link(proc.join("self")).is_ok_and(|shown| shown == us)
}

fn cannot_open(error: Errno) -> Outcome {
    match error {
        // INVAL, and NOENT since Linux 6.16: the pid is that of a thread, not of a process.
        Errno::SRCH | Errno::INVAL | Errno::NOENT => Outcome::Gone,
        // No falling back to kill(2): it cannot tell this process from the next one with the same pid.
        Errno::NOSYS => Outcome::Failed(NO_PIDFD.to_owned()),
        Errno::PERM | Errno::ACCESS => Outcome::Failed(FORBIDDEN_PIDFD.to_owned()),
        other => Outcome::Failed(std::io::Error::from(other).to_string()),
    }
}

pub(super) const NO_PIDFD: &str =
    "this kernel cannot hold on to a process while acting on it (pidfd_open needs Linux 5.3)";
const FORBIDDEN_PIDFD: &str = "a sandbox forbids holding on to a process while acting on it (pidfd_open)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_kernel_and_a_sandbox_are_told_apart_from_a_process_that_is_gone() {
        for gone in [Errno::SRCH, Errno::INVAL, Errno::NOENT] {
            assert_eq!(cannot_open(gone), Outcome::Gone);
        }
        assert_eq!(cannot_open(Errno::NOSYS), Outcome::Failed(NO_PIDFD.into()));
        assert_eq!(cannot_open(Errno::PERM), Outcome::Failed(FORBIDDEN_PIDFD.into()));
        assert!(matches!(cannot_open(Errno::MFILE), Outcome::Failed(text) if text.contains("open files")));
    }

    #[test]
    fn only_the_live_proc_is_ours() {
        assert!(is_our_own(Path::new("/proc")));
        for other in ["/", "/proc/self", "/nowhere"] {
            assert!(!is_our_own(Path::new(other)), "{other}");
        }
    }
}
