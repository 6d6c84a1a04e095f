//! What a process does to the disks.

use crate::columns::{Column, PLAIN, count, known, real, words};
use crate::sample::Needs;
use crate::units::Unit;

pub(super) const COLUMNS: &[Column] = &[
    Column {
        id: "disk_read_total",
        title: "Disk Read Total",
        description: "Bytes fetched from storage since it began",
        source: "/proc/[pid]/io read_bytes, proc_pid_io(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::IO),
        width: 12,
        value: |row| count(row.io(|io| io.read_bytes)),
        ..PLAIN
    },
    Column {
        id: "disk_write_total",
        title: "Disk Write Total",
        description: "Bytes sent to storage since it began",
        source: "/proc/[pid]/io write_bytes, proc_pid_io(5)",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::IO),
        width: 12,
        value: |row| count(row.io(|io| io.write_bytes)),
        ..PLAIN
    },
    Column {
        id: "io_delay",
        title: "I/O Delay",
        description: "Share of the last interval in which its main thread waited for storage; counted when the kernel is told to (kernel.task_delayacct)",
        source: "/proc/[pid]/stat delayacct_blkio_ticks, proc_pid_stat(5)",
        unit: Unit::Fraction,
        needs: Needs::PROCESSES.union(Needs::IO_DELAY),
        width: 8,
        value: |row| real(row.rates.io_delay),
        ..PLAIN
    },
    Column {
        id: "io_priority",
        title: "I/O Priority",
        description: "Class and level of its requests to storage: level 0 is served first, 7 last",
        source: "ioprio_get(2)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::IO_PRIORITY),
        width: 14,
        value: |row| known(row.details().and_then(|all| all.io_priority), words::io_priority),
        ..PLAIN
    },
];
