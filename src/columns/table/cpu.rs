//! What a process does to the CPUs.

use crate::columns::{Column, PLAIN, Total, Value, bytes, count, known, real, text, words};
use crate::sample::Needs;
use crate::units::Unit;

pub(super) const COLUMNS: &[Column] = &[
    Column {
        id: "cpu_time",
        title: "CPU Time",
        description: "CPU time used since it began",
        source: "CPU clock of the process, clock_getcpuclockid(3)",
        unit: Unit::CpuTime,
        value: |row| Value::Real(row.process.cpu_ns as f64 / 1e9),
        ..PLAIN
    },
    Column {
        id: "user_time",
        title: "User Time",
        description: "CPU time used in its own code since it began",
        source: "/proc/[pid]/stat utime, proc_pid_stat(5)",
        unit: Unit::CpuTime,
        value: |row| real(row.seconds(row.process.user_ticks)),
        ..PLAIN
    },
    Column {
        id: "system_time",
        title: "System Time",
        description: "CPU time used in the kernel since it began",
        source: "/proc/[pid]/stat stime, proc_pid_stat(5)",
        unit: Unit::CpuTime,
        value: |row| real(row.seconds(row.process.system_ticks)),
        ..PLAIN
    },
    Column {
        id: "threads",
        title: "Threads",
        description: "Number of threads",
        source: "/proc/[pid]/stat num_threads, proc_pid_stat(5)",
        width: 8,
        total: Total::Sum,
        value: |row| Value::Count(row.process.threads.into()),
        ..PLAIN
    },
    Column {
        id: "processor",
        title: "Last CPU",
        description: "CPU that its main thread ran on last",
        source: "/proc/[pid]/stat processor, proc_pid_stat(5)",
        width: 8,
        value: |row| count(row.process.processor.map(u64::from)),
        ..PLAIN
    },
    Column {
        id: "nice",
        title: "Nice",
        description: "Nice value: −20 is served first, 19 last",
        source: "/proc/[pid]/stat nice, proc_pid_stat(5)",
        width: 6,
        value: |row| Value::Signed(row.process.nice.into()),
        ..PLAIN
    },
    Column {
        id: "priority",
        title: "Priority",
        description: "Nice value in words",
        source: "/proc/[pid]/stat nice, proc_pid_stat(5)",
        unit: Unit::Text,
        value: |row| known(words::priority(row.process.nice), text),
        ..PLAIN
    },
    Column {
        id: "rt_priority",
        title: "Real-Time Priority",
        description: "Priority among real-time processes: 99 is served first, 1 last",
        source: "/proc/[pid]/stat rt_priority, proc_pid_stat(5)",
        width: 8,
        value: |row| count(row.process.rt_priority.filter(|&priority| priority > 0).map(u64::from)),
        ..PLAIN
    },
    Column {
        id: "policy",
        title: "Scheduling",
        description: "Rule by which it is given CPU time",
        source: "/proc/[pid]/stat policy, sched(7)",
        unit: Unit::Text,
        value: |row| known(row.process.policy.and_then(words::policy), text),
        ..PLAIN
    },
    Column {
        id: "affinity",
        title: "Affinity",
        description: "CPUs that its main thread may run on",
        source: "/proc/[pid]/status Cpus_allowed_list, proc_pid_status(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::STATUS),
        value: |row| known(row.status().and_then(|status| status.cpus_allowed.as_deref()), bytes),
        ..PLAIN
    },
    Column {
        id: "cpu_wait",
        title: "CPU Wait",
        description: "Share of the last interval in which its main thread could have run and had to wait for a CPU",
        source: "/proc/[pid]/schedstat second number, sched-stats.rst",
        unit: Unit::Fraction,
        needs: Needs::PROCESSES.union(Needs::SCHEDSTAT),
        width: 8,
        value: |row| real(row.rates.cpu_wait),
        ..PLAIN
    },
    Column {
        id: "ctx_switches_vol",
        title: "Voluntary Switches",
        description: "Times that its main thread gave up a CPU to wait",
        source: "/proc/[pid]/status voluntary_ctxt_switches, proc_pid_status(5)",
        needs: Needs::PROCESSES.union(Needs::STATUS),
        value: |row| count(row.status().and_then(|status| status.voluntary_switches)),
        ..PLAIN
    },
    Column {
        id: "ctx_switches_invol",
        title: "Involuntary Switches",
        description: "Times that a CPU was taken from its main thread",
        source: "/proc/[pid]/status nonvoluntary_ctxt_switches, proc_pid_status(5)",
        needs: Needs::PROCESSES.union(Needs::STATUS),
        value: |row| count(row.status().and_then(|status| status.involuntary_switches)),
        ..PLAIN
    },
];
