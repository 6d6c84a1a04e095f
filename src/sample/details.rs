//! What is rarely wanted of a process, each from a file of its own: behind one pointer, so that a process of
//! whom nobody asks it stays small.

use std::sync::Arc;

use bitflags::bitflags;
use serde::{Deserialize, Serialize};

use crate::kernel::pid_smaps;
use crate::kernel::pid_status::PidStatus;

/// Counters and state beside those of `stat`, `statm` and `io`; `None` is what was not asked for, is not
/// permitted, or does not exist here. Nothing here is a rate.
///
/// Texts are shared with the sample before while they stay the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// `/proc/[pid]/status`.
    pub status: Option<Status>,
    /// Time the main thread was runnable but not running, nanoseconds, `/proc/[pid]/schedstat` second number.
    pub cpu_wait_ns: Option<u64>,
    /// `/proc/[pid]/smaps_rollup`.
    pub rollup: Option<Rollup>,
    /// How likely it is killed for want of memory, 0 … 2000, `/proc/[pid]/oom_score`.
    pub oom_score: Option<u32>,
    /// What was added to that, −1000 … 1000, `/proc/[pid]/oom_score_adj`.
    pub oom_score_adj: Option<i32>,
    /// I/O class and level of the main thread as ioprio_get(2) gives them: `class << 13 | level`.
    pub io_priority: Option<u16>,
    /// Kernel function that the main thread sleeps in, `/proc/[pid]/wchan`.
    pub waiting_channel: Option<Arc<[u8]>>,
    /// `/proc/[pid]/cwd`.
    pub working_directory: Option<Arc<[u8]>>,
    /// Open file descriptors, entries of `/proc/[pid]/fd`.
    pub descriptors: Option<u64>,
    /// Namespaces that are not those of the first process, `/proc/[pid]/ns/*`.
    pub namespaces: Option<Namespaces>,
}

/// What is kept of `/proc/[pid]/status`, proc_pid_status(5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Largest resident set so far in bytes, `VmHWM`.
    pub peak_resident_bytes: Option<u64>,
    /// Resident anonymous memory in bytes, `RssAnon`.
    pub anonymous_bytes: Option<u64>,
    /// Anonymous memory in swap in bytes, `VmSwap`.
    pub swap_bytes: Option<u64>,
    /// Times the main thread gave up a CPU, `voluntary_ctxt_switches`.
    pub voluntary_switches: Option<u64>,
    /// Times a CPU was taken from the main thread, `nonvoluntary_ctxt_switches`.
    pub involuntary_switches: Option<u64>,
    /// CPUs that the main thread may run on, like "0-3,8", `Cpus_allowed_list`.
    pub cpus_allowed: Option<Arc<[u8]>>,
}

impl Status {
    /// What is kept of a parsed file. `before` lends its texts where they are the same.
    #[must_use]
    pub fn of(status: &PidStatus<'_>, before: Option<&Self>) -> Self {
        Self {
            peak_resident_bytes: status.peak_resident_bytes,
            anonymous_bytes: status.anonymous_bytes,
            swap_bytes: status.swap_bytes,
            voluntary_switches: status.voluntary_switches,
            involuntary_switches: status.involuntary_switches,
            cpus_allowed: status
                .cpus_allowed
                .map(|cpus| shared(before.and_then(|before| before.cpus_allowed.as_ref()), cpus)),
        }
    }
}

/// What is kept of `/proc/[pid]/smaps_rollup`, proc_pid_smaps(5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollup {
    /// Resident memory in bytes, each page divided by its number of users, `Pss`.
    pub pss_bytes: Option<u64>,
    /// Resident memory of this process alone in bytes, `Private_Clean` + `Private_Dirty`.
    pub private_bytes: Option<u64>,
    /// The part of that which was written to, `Private_Dirty`.
    pub private_dirty_bytes: Option<u64>,
}

impl Rollup {
    /// Reads the file; `None` when it is empty, as a kernel thread's is.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let area = pid_smaps::areas(bytes).next()?;
        Some(Self {
            pss_bytes: area.pss_bytes,
            private_bytes: area.private_bytes(),
            private_dirty_bytes: area.private_dirty_bytes,
        })
    }
}

bitflags! {
    /// Kinds of namespaces, namespaces(7).
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub struct Namespaces: u8 {
        /// Control group root.
        const CGROUP = 1;
        /// System V IPC, POSIX message queues.
        const IPC = 1 << 1;
        /// Mount points.
        const MNT = 1 << 2;
        /// Network devices, addresses, ports.
        const NET = 1 << 3;
        /// Process ids.
        const PID = 1 << 4;
        /// Boot and monotonic clocks.
        const TIME = 1 << 5;
        /// User and group ids.
        const USER = 1 << 6;
        /// Host and domain name.
        const UTS = 1 << 7;
    }
}

impl Namespaces {
    /// The links below `/proc/[pid]` that tell of each kind, in the order of the bits.
    pub const LINKS: [&str; 8] =
        ["ns/cgroup", "ns/ipc", "ns/mnt", "ns/net", "ns/pid", "ns/time", "ns/user", "ns/uts"];

    /// The kinds by the kernel's names, with spaces between them.
    #[must_use]
    pub fn in_words(self) -> String {
        let names = self.iter().map(|kind| Self::LINKS[kind.bits().trailing_zeros() as usize]);
        names.map(|link| link.trim_start_matches("ns/")).collect::<Vec<_>>().join(" ")
    }
}

/// `bytes` to be kept: the text that is kept already when it says the same.
#[must_use]
pub fn shared(before: Option<&Arc<[u8]>>, bytes: &[u8]) -> Arc<[u8]> {
    match before {
        Some(before) if **before == *bytes => Arc::clone(before),
        _ => bytes.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_named_as_the_kernel_does() {
        assert_eq!(Namespaces::empty().in_words(), "");
        assert_eq!((Namespaces::MNT | Namespaces::UTS | Namespaces::PID).in_words(), "mnt pid uts");
        assert_eq!(Namespaces::all().bits().count_ones() as usize, Namespaces::LINKS.len());
        for (bit, link) in Namespaces::LINKS.iter().enumerate() {
            let name = Namespaces::from_bits_retain(1 << bit).iter_names().next().unwrap().0;
            assert_eq!(format!("ns/{}", name.to_lowercase()), *link);
        }
    }

    #[test]
    fn a_text_that_stays_the_same_is_not_copied() {
        let before: Arc<[u8]> = b"0-3".as_slice().into();
        assert!(Arc::ptr_eq(&shared(Some(&before), b"0-3"), &before));
        assert_eq!(&*shared(Some(&before), b"0"), b"0");
        assert_eq!(&*shared(None, b"0"), b"0");
    }

    #[test]
    fn an_empty_rollup_is_unknown() {
        assert_eq!(Rollup::parse(b""), None);
    }
}
