//! What a process holds of the memory.

use crate::columns::{Column, PLAIN, Total, Value, count, known};
use crate::sample::Needs;
use crate::units::Unit;

pub(super) const COLUMNS: &[Column] = &[
    Column {
        id: "resident",
        title: "Resident",
        description: "Memory that is in RAM, shared parts included",
        source: "/proc/[pid]/statm resident, proc_pid_statm(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::STATM),
        value: |row| count(row.pages(|pages| pages.resident_pages)),
        ..PLAIN
    },
    Column {
        id: "shared",
        title: "Shared",
        description: "Resident memory backed by files or shared with other processes",
        source: "/proc/[pid]/statm shared, proc_pid_statm(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::STATM),
        value: |row| count(row.pages(|pages| pages.shared_pages)),
        ..PLAIN
    },
    Column {
        id: "private",
        title: "Private",
        description: "Resident memory that belongs to no file",
        source: "/proc/[pid]/status RssAnon, proc_pid_status(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::STATUS),
        total: Total::Sum,
        value: |row| count(row.status().and_then(|status| status.anonymous_bytes)),
        ..PLAIN
    },
    Column {
        id: "virtual",
        title: "Virtual",
        description: "Size of the address space",
        source: "/proc/[pid]/stat vsize, proc_pid_stat(5)",
        unit: Unit::Bytes,
        value: |row| count(row.process.virtual_bytes),
        ..PLAIN
    },
    Column {
        id: "swap",
        title: "Swap",
        description: "Memory of its own that was moved to swap space",
        source: "/proc/[pid]/status VmSwap, proc_pid_status(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::STATUS),
        total: Total::Sum,
        value: |row| count(row.status().and_then(|status| status.swap_bytes)),
        ..PLAIN
    },
    Column {
        id: "pss",
        title: "PSS",
        description: "Resident memory with each shared page divided by its users. Of rows out of view once in 60 updates",
        source: "/proc/[pid]/smaps_rollup Pss, proc_pid_smaps(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::SMAPS_ROLLUP),
        total: Total::Sum,
        value: |row| count(row.rollup().and_then(|rollup| rollup.pss_bytes)),
        ..PLAIN
    },
    Column {
        id: "uss",
        title: "USS",
        description: "Memory that ending it would free. Of rows out of view once in 60 updates",
        source: "/proc/[pid]/smaps_rollup Private_Clean + Private_Dirty, proc_pid_smaps(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::SMAPS_ROLLUP),
        total: Total::Sum,
        value: |row| count(row.rollup().and_then(|rollup| rollup.private_bytes)),
        ..PLAIN
    },
    Column {
        id: "writable",
        title: "Writable",
        description: "Memory that it alone has and has written to. Of rows out of view once in 60 updates",
        source: "/proc/[pid]/smaps_rollup Private_Dirty, proc_pid_smaps(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::SMAPS_ROLLUP),
        total: Total::Sum,
        value: |row| count(row.rollup().and_then(|rollup| rollup.private_dirty_bytes)),
        ..PLAIN
    },
    Column {
        id: "peak_resident",
        title: "Peak Resident",
        description: "Most memory that it ever had in RAM, shared parts included",
        source: "/proc/[pid]/status VmHWM, proc_pid_status(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::STATUS),
        value: |row| count(row.status().and_then(|status| status.peak_resident_bytes)),
        ..PLAIN
    },
    Column {
        id: "minor_faults",
        title: "Minor Faults",
        description: "Page faults since it began that were served without a disk",
        source: "/proc/[pid]/stat minflt, proc_pid_stat(5)",
        value: |row| Value::Count(row.process.minor_faults),
        ..PLAIN
    },
    Column {
        id: "major_faults",
        title: "Major Faults",
        description: "Page faults since it began that waited for a disk",
        source: "/proc/[pid]/stat majflt, proc_pid_stat(5)",
        value: |row| Value::Count(row.process.major_faults),
        ..PLAIN
    },
    Column {
        id: "oom_score",
        title: "OOM Score",
        description: "How likely it is killed when memory runs out, up to 2000",
        source: "/proc/[pid]/oom_score, proc_pid_oom_score(5)",
        needs: Needs::PROCESSES.union(Needs::OOM_SCORE),
        width: 8,
        value: |row| count(row.details().and_then(|all| all.oom_score).map(u64::from)),
        ..PLAIN
    },
    Column {
        id: "oom_score_adj",
        title: "OOM Adjustment",
        description: "What was added to its OOM score: −1000 is never killed, 1000 first",
        source: "/proc/[pid]/oom_score_adj, proc_pid_oom_score_adj(5)",
        needs: Needs::PROCESSES.union(Needs::OOM_SCORE_ADJ),
        width: 8,
        value: |row| {
            known(row.details().and_then(|all| all.oom_score_adj), |score| Value::Signed(score.into()))
        },
        ..PLAIN
    },
];
