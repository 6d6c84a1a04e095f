//! One process at one moment.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ControlGroup, Details};
use crate::identity::ProcessId;
use crate::kernel::pid_io::PidIo;
use crate::kernel::pid_stat::PidStat;
use crate::kernel::pid_statm::PidStatm;
use crate::names::display_name;

/// Counters and state of a process. Nothing here is a rate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// Pid and start time.
    pub id: ProcessId,
    /// What does not change by running.
    pub facts: Arc<Facts>,
    /// Parent's pid, `stat` field 4.
    pub parent: u32,
    /// Process group, `stat` field 5; −1 while a zombie is taken away.
    pub process_group: i32,
    /// Session of its terminal, setsid(2), `stat` field 6; −1 while a zombie is taken away.
    pub session: i32,
    /// Controlling terminal as a device number, `stat` field 7; 0 for none.
    pub tty: i32,
    /// One letter, `stat` field 3: R running, S sleeping, D waiting for a device, Z zombie, T stopped…
    pub state: u8,
    /// CPU time of all threads since the process began, nanoseconds: its CPU clock,
    /// clock_getcpuclockid(3), or `stat` fields 14 + 15 where there is none.
    pub cpu_ns: u64,
    /// CPU time in user mode in clock ticks, `stat` field 14.
    pub user_ticks: u64,
    /// CPU time in kernel mode in clock ticks, `stat` field 15.
    pub system_ticks: u64,
    /// Nice value −20 (first) … 19 (last), `stat` field 19.
    pub nice: i32,
    /// Kernel's priority, `stat` field 18.
    pub priority: i32,
    /// Real-time priority 1 … 99, `stat` field 40; 0 for the normal policies.
    pub rt_priority: Option<u32>,
    /// Scheduling policy, `SCHED_*` in sched(7), `stat` field 41.
    pub policy: Option<u32>,
    /// Threads, `stat` field 20.
    pub threads: u32,
    /// Page faults served without a disk, `stat` field 10.
    pub minor_faults: u64,
    /// Page faults that waited for a disk, `stat` field 12.
    pub major_faults: u64,
    /// CPU that it ran on last, `stat` field 39.
    pub processor: Option<u32>,
    /// Address space in bytes, `stat` field 23.
    pub virtual_bytes: Option<u64>,
    /// Time the main thread waited for storage in clock ticks, `stat` field 42; `None` when not asked for or
    /// not counted by this kernel.
    pub io_delay_ticks: Option<u64>,
    /// Pages of memory, `/proc/[pid]/statm`; `None` when not asked for, or for a kernel thread.
    pub memory: Option<PidStatm>,
    /// Storage traffic, `/proc/[pid]/io`; `None` when not asked for or not permitted.
    pub io: Option<PidIo>,
    /// What is rarely wanted; `None` when nothing of it is known.
    pub details: Option<Arc<Details>>,
}

impl Process {
    /// What `stat` says, with nothing else read yet.
    #[must_use]
    pub fn from_stat(stat: &PidStat<'_>, cpu_ns: u64, facts: Arc<Facts>) -> Self {
        Self {
            id: ProcessId { pid: stat.pid, start_ticks: stat.start_ticks },
            facts,
            parent: stat.parent,
            process_group: stat.process_group,
            session: stat.session,
            tty: stat.tty,
            state: stat.state,
            cpu_ns,
            user_ticks: stat.user_ticks,
            system_ticks: stat.system_ticks,
            nice: stat.nice,
            priority: stat.priority,
            rt_priority: stat.rt_priority,
            policy: stat.policy,
            threads: stat.threads,
            minor_faults: stat.minor_faults,
            major_faults: stat.major_faults,
            processor: stat.processor,
            virtual_bytes: stat.virtual_bytes,
            io_delay_ticks: None,
            memory: None,
            io: None,
            details: None,
        }
    }
}

impl Process {
    /// The letter of its state in a word, as `ps` explains them; `None` for a letter of a newer kernel.
    #[must_use]
    pub fn state_in_words(&self) -> Option<&'static str> {
        Some(match self.state {
            b'R' => "Running",
            b'S' => "Sleeping",
            b'D' => "Waiting",
            b'T' => "Stopped",
            b't' => "Traced",
            b'Z' => "Zombie",
            b'X' | b'x' => "Dead",
            b'I' => "Idle",
            b'P' => "Parked",
            b'W' | b'K' => "Waking",
            _ => return None,
        })
    }
}

/// What stays for a process's life, or until it executes another program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The kernel's name for it as the bytes that it is, at most 15 of them, `stat` field 2.
    pub comm: Box<[u8]>,
    /// The name to show: `comm`, completed from the command line where the kernel cut it off.
    pub name: Box<str>,
    /// Arguments, each ended by a NUL, `/proc/[pid]/cmdline`; `None` when not asked for or refused.
    pub arguments: Option<Box<[u8]>>,
    /// Effective user, the owner of `/proc/[pid]`.
    pub uid: Option<u32>,
    /// Runs inside the kernel: `stat` field 9 has `PF_KTHREAD`.
    pub kernel_thread: bool,
    /// What is rarely wanted; `None` when nothing of it is known.
    pub rare: Option<Box<RareFacts>>,
}

/// Facts for a lifetime that are rarely wanted; `None` is what was not asked for, is refused, or is not so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RareFacts {
    /// Control group, `/proc/[pid]/cgroup`.
    pub control_group: Option<Arc<ControlGroup>>,
    /// File that it executes, `/proc/[pid]/exe`.
    pub executable: Option<Box<[u8]>>,
    /// Who logged in before it was started, whoever it runs as now, `/proc/[pid]/loginuid`.
    pub login_uid: Option<u32>,
    /// Audit's number of that login, `/proc/[pid]/sessionid`.
    pub audit_session: Option<u32>,
    /// Label of the security module, `/proc/[pid]/attr/current`.
    pub security_context: Option<Box<[u8]>>,
}

impl RareFacts {
    /// The login session it belongs to: the one that its control group names, or that the kernel's audit
    /// counts, whose numbers logind takes over where there are some.
    #[must_use]
    pub fn session(&self) -> Option<Cow<'_, str>> {
        let group = self.control_group.as_ref().and_then(|group| group.facts.session.as_deref());
        match (group, self.audit_session) {
            (Some(session), _) => Some(display_name(session)),
            (None, Some(number)) => Some(Cow::Owned(number.to_string())),
            (None, None) => None,
        }
    }
}

/// The longest `comm`: the kernel keeps 16 bytes with the NUL, proc_pid_comm(5).
pub(super) const COMM_MAX: usize = 15;

impl Facts {
    /// The name that a person knows the process by.
    ///
    /// `comm` is cut at 15 bytes; when the program's file name or the script's in the arguments begins with
    /// it, that is the whole name.
    #[must_use]
    pub fn complete_name(comm: &[u8], arguments: &[u8]) -> Box<str> {
        if comm.len() >= COMM_MAX {
            let mut candidates = arguments.split(|&byte| byte == 0).take(2).map(file_name);
            if let Some(whole) = candidates.find(|name| name.starts_with(comm)) {
                return display_name(whole).into();
            }
        }
        display_name(comm).into()
    }
}

fn file_name(path: &[u8]) -> &[u8] {
    // Chromium and others put the whole command line into one argument: the name ends at the first space.
    let path = path.split(|&byte| byte == b' ').next().unwrap_or(path);
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_takes_less_than_a_kibibyte_beside_its_texts() {
        let parts = [
            size_of::<Process>(),
            size_of::<Facts>(),
            size_of::<RareFacts>(),
            size_of::<Details>(),
            4 * size_of::<usize>(),
        ];
        assert!(parts.iter().sum::<usize>() <= 1024, "{parts:?}");
    }

    #[test]
    fn a_cut_name_is_completed_from_the_command_line() {
        let name = |comm: &str, arguments: &[u8]| Facts::complete_name(comm.as_bytes(), arguments);
        assert_eq!(&*name("gnome-system-mo", b"/usr/bin/gnome-system-monitor\0-p\0"), "gnome-system-monitor");
        assert_eq!(
            &*name("unattended-upgr", b"/usr/bin/python3\0/usr/bin/unattended-upgrade-shutdown\0"),
            "unattended-upgrade-shutdown"
        );
        assert_eq!(&*name("renamed-by-prct", b"/usr/bin/other\0"), "renamed-by-prct");
        assert_eq!(&*name("sh", b"/bin/shell-that-is-longer\0"), "sh");
        assert_eq!(&*name("kworker/0:1", b""), "kworker/0:1");
        assert_eq!(&*name("chromium-browse", b"/opt/chromium-browser --type=zygote\0"), "chromium-browser");
    }
}
