//! What is shown before anybody chose.

use crate::columns::{Column, PLAIN, Total, Value, count, known, real, text};
use crate::sample::Needs;
use crate::units::Unit;

#[allow(clippy::needless_update)] // an entry that happens to name every field still ends like the others
pub(super) const COLUMNS: &[Column] = &[
    Column {
        id: "name",
        title: "Name",
        description: "Name of the process",
        source: "/proc/[pid]/stat comm, completed from cmdline",
        unit: Unit::Text,
        width: 28,
        by_default: true,
        value: |row| text(&row.process.facts.name),
        ..PLAIN
    },
    Column {
        id: "user",
        title: "User",
        description: "User that the process runs as",
        source: "owner of /proc/[pid], /etc/passwd",
        unit: Unit::Text,
        width: 10,
        by_default: true,
        value: |row| known(row.process.facts.uid, |uid| row.user(uid)),
        ..PLAIN
    },
    Column {
        id: "cpu",
        title: "CPU",
        description: "CPU time used in the last interval, as a share of the machine",
        source: "CPU clock of the process, clock_getcpuclockid(3)",
        unit: Unit::Fraction,
        // A share of the machine: its CPUs are counted in /proc/stat.
        needs: Needs::PROCESSES.union(Needs::CPU),
        width: 8,
        total: Total::Sum,
        by_default: true,
        value: |row| real(row.rates.cpu.map(|cpus| row.snapshot.cpu_share(cpus, row.view))),
        ..PLAIN
    },
    Column {
        id: "memory",
        title: "Memory",
        description: "Memory of its own: resident without what is shared with files and others",
        source: "/proc/[pid]/statm resident − shared",
        unit: Unit::Bytes,
        needs: Needs::PROCESSES.union(Needs::STATM),
        total: Total::Sum,
        by_default: true,
        value: |row| count(row.memory_bytes()),
        ..PLAIN
    },
    Column {
        id: "disk_read",
        title: "Disk Read",
        description: "Bytes fetched from storage per second",
        source: "/proc/[pid]/io read_bytes, proc_pid_io(5)",
        unit: Unit::BytesPerSecond,
        needs: Needs::PROCESSES.union(Needs::IO),
        width: 12,
        total: Total::Sum,
        by_default: true,
        value: |row| real(row.rates.disk_read),
        ..PLAIN
    },
    Column {
        id: "disk_write",
        title: "Disk Write",
        description: "Bytes sent to storage per second",
        source: "/proc/[pid]/io write_bytes, proc_pid_io(5)",
        unit: Unit::BytesPerSecond,
        needs: Needs::PROCESSES.union(Needs::IO),
        width: 12,
        total: Total::Sum,
        by_default: true,
        value: |row| real(row.rates.disk_write),
        ..PLAIN
    },
    Column {
        id: "pid",
        title: "ID",
        description: "Process number",
        source: "/proc/[pid]",
        unit: Unit::Count,
        width: 8,
        by_default: true,
        value: |row| Value::Count(row.process.id.pid.into()),
        ..PLAIN
    },
];
