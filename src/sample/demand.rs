//! What somebody wants to know: the sampler opens no file that nobody asked for.

use bitflags::bitflags;
use serde::{Deserialize, Serialize};

use crate::identity::ProcessId;

bitflags! {
    /// The kernel files behind columns, charts and dialogs, one flag for what is read together.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
    pub struct Needs: u64 {
        /// The processes themselves, and `/proc/[pid]/stat`.
        const PROCESSES = 1;
        /// `/proc/[pid]/statm`: resident and shared pages.
        const STATM = 1 << 1;
        /// `/proc/[pid]/io`: bytes read from and written to storage.
        const IO = 1 << 2;
        /// `/proc/[pid]/cmdline`.
        const COMMAND_LINE = 1 << 3;
        /// `/proc/[pid]/cgroup`.
        const CGROUP = 1 << 4;
        /// `/proc/[pid]/status`: swap, peak, switches, affinity.
        const STATUS = 1 << 5;
        /// `/proc/[pid]/schedstat`: time waited for a CPU.
        const SCHEDSTAT = 1 << 6;
        /// `/proc/[pid]/smaps_rollup`: proportional and private memory. [Costly](Needs::COSTLY).
        const SMAPS_ROLLUP = 1 << 7;
        /// `/proc/[pid]/oom_score`.
        const OOM_SCORE = 1 << 8;
        /// `/proc/[pid]/oom_score_adj`.
        const OOM_SCORE_ADJ = 1 << 9;
        /// `/proc/[pid]/exe`.
        const EXECUTABLE = 1 << 10;
        /// `/proc/[pid]/cwd`.
        const WORKING_DIRECTORY = 1 << 11;
        /// `/proc/[pid]/loginuid`.
        const LOGIN_UID = 1 << 12;
        /// `/proc/[pid]/sessionid`.
        const SESSION_ID = 1 << 13;
        /// `/run/systemd/sessions/*` of the sessions that `CGROUP` and `SESSION_ID` name.
        const SEATS = 1 << 14;
        /// `/proc/[pid]/attr/current`.
        const SECURITY_CONTEXT = 1 << 15;
        /// `/proc/[pid]/ns/*`. [Costly](Needs::COSTLY).
        const NAMESPACES = 1 << 16;
        /// `/proc/[pid]/wchan` of those that do not run.
        const WAITING_CHANNEL = 1 << 17;
        /// The number of entries in `/proc/[pid]/fd`. [Costly](Needs::COSTLY).
        const DESCRIPTORS = 1 << 18;
        /// ioprio_get(2).
        const IO_PRIORITY = 1 << 19;
        /// `/proc/sys/kernel/task_delayacct`: whether the I/O delay in `stat` is counted.
        const IO_DELAY = 1 << 20;

        /// `/proc/stat`: time of each CPU.
        const CPU = 1 << 32;
        /// `/proc/meminfo`.
        const MEMORY = 1 << 33;
        /// `/proc/net/dev`.
        const NETWORK = 1 << 34;
        /// `/proc/loadavg`.
        const LOAD = 1 << 35;
        /// `/proc/self/mountinfo` and statfs(2) of each mount.
        const FILE_SYSTEMS = 1 << 36;
        /// `/proc/vmstat`: paging, faults, reclaim.
        const VMSTAT = 1 << 37;
        /// `/proc/swaps`: each swap area.
        const SWAPS = 1 << 38;
        /// `/sys/block/zram*/mm_stat`: memory that is compressed.
        const ZRAM = 1 << 39;
        /// `/proc/pressure/*`: time lost waiting.
        const PRESSURE = 1 << 40;
        /// `/sys/class/net/*` and the addresses of interfaces.
        const LINKS = 1 << 41;
        /// `/proc/diskstats`: what each disk and partition did.
        const DISKS = 1 << 42;
        /// `/sys/block/*`: models, sizes, partitions.
        const DISK_FACTS = 1 << 43;
        /// `/sys/devices/system/cpu/cpu*/cpufreq`.
        const CPU_FREQUENCY = 1 << 44;
        /// `/sys/devices/system/cpu/cpu*/topology`, and which CPUs are online.
        const CPU_TOPOLOGY = 1 << 45;
        /// `/sys/class/hwmon/*`: temperatures, fans, voltages, powers.
        const SENSORS = 1 << 46;
        /// `/sys/class/power_supply/*`: batteries and chargers.
        const POWER = 1 << 47;
        /// `/proc/uptime`.
        const UPTIME = 1 << 48;
    }
}

impl Needs {
    /// What is read for each process; the rest is about the machine.
    pub const OF_PROCESSES: Self = Self::from_bits_truncate((1 << 32) - 1);

    /// What takes the kernel long for a process of some size: read only for processes in view, and for every
    /// other at its turn in the rotation. Until then it is unknown.
    pub const COSTLY: Self = Self::SMAPS_ROLLUP.union(Self::NAMESPACES).union(Self::DESCRIPTORS);

    /// What stays for a process's life unless somebody meddles.
    pub(super) const LIFETIME: Self = Self::COMMAND_LINE
        .union(Self::CGROUP)
        .union(Self::EXECUTABLE)
        .union(Self::LOGIN_UID)
        .union(Self::SESSION_ID)
        .union(Self::SEATS)
        .union(Self::SECURITY_CONTEXT);
}

/// All that is wanted at a moment: the OR of what is visible, open and recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// The files to read.
    pub needs: Needs,
    /// Processes whose rows are on screen or in an open dialog: read afresh at each tick, moved or not.
    pub in_view: Vec<ProcessId>,
    /// [Costly](Needs::COSTLY) files of every process, in view or not: for a program that takes one sample.
    pub costly_of_all: bool,
}

impl Demand {
    /// A demand for these files and no process in particular.
    #[must_use]
    pub fn of(needs: Needs) -> Self {
        Self { needs, ..Self::default() }
    }

    /// A demand for these files of all processes, whatever they cost.
    #[must_use]
    pub fn of_all(needs: Needs) -> Self {
        Self { needs, costly_of_all: true, ..Self::default() }
    }
}
