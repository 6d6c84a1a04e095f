//! Where a process belongs in the system.

use crate::columns::{Column, PLAIN, Total, Value, bytes, count, known, text, words};
use crate::sample::{Needs, RareFacts};
use crate::units::Unit;

pub(super) const COLUMNS: &[Column] = &[
    Column {
        id: "unit",
        title: "Unit",
        description: "systemd unit that it belongs to",
        source: "/proc/[pid]/cgroup, systemd.unit(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::CGROUP),
        width: 24,
        value: |row| known(row.placement().and_then(|group| group.unit.as_deref()), bytes),
        ..PLAIN
    },
    Column {
        id: "control_group",
        title: "Control Group",
        description: "Path in the hierarchy of control groups",
        source: "/proc/[pid]/cgroup, cgroups(7)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::CGROUP),
        width: 30,
        value: |row| {
            known(row.rare().and_then(|rare| rare.control_group.as_ref()), |group| bytes(&group.path))
        },
        ..PLAIN
    },
    Column {
        id: "session",
        title: "Session",
        description: "Login session, as loginctl lists them",
        source: "/proc/[pid]/cgroup session-*.scope, else /proc/[pid]/sessionid",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::CGROUP).union(Needs::SESSION_ID),
        width: 8,
        value: |row| known(row.rare().and_then(RareFacts::session), Value::Text),
        ..PLAIN
    },
    Column {
        id: "seat",
        title: "Seat",
        description: "Screen and keyboard that its login session is at",
        source: "SEAT of the session in /run/systemd/sessions, sd-login(3)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::CGROUP).union(Needs::SESSION_ID).union(Needs::SEATS),
        width: 8,
        value: |row| known(row.seat(), text),
        ..PLAIN
    },
    Column {
        id: "container",
        title: "Container",
        description: "Container, pod or virtual machine that it runs in",
        source: "/proc/[pid]/cgroup, cgroups(7)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::CGROUP),
        width: 20,
        value: |row| known(row.placement().and_then(|group| group.container.as_ref()), words::container),
        ..PLAIN
    },
    Column {
        id: "application",
        title: "Application",
        description: "Desktop application that it belongs to",
        source: "/proc/[pid]/cgroup, DESKTOP_ENVIRONMENTS of systemd",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::CGROUP),
        width: 24,
        value: |row| {
            known(row.placement().and_then(|group| group.application.as_ref()), |app| bytes(&app.id))
        },
        ..PLAIN
    },
    Column {
        id: "security_context",
        title: "Security Context",
        description: "Label that AppArmor or SELinux gave to it",
        source: "/proc/[pid]/attr/current, proc_pid_attr(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::SECURITY_CONTEXT),
        width: 20,
        value: |row| known(row.rare().and_then(|rare| rare.security_context.as_deref()), bytes),
        ..PLAIN
    },
    Column {
        id: "namespaces",
        title: "Namespaces",
        description: "Kinds of namespaces in which it differs from the first process. Of rows out of view once in 60 updates",
        source: "/proc/[pid]/ns, namespaces(7)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::NAMESPACES),
        width: 16,
        value: |row| {
            known(row.details().and_then(|all| all.namespaces), |kinds| Value::Text(kinds.in_words().into()))
        },
        ..PLAIN
    },
    Column {
        id: "waiting_channel",
        title: "Waiting Channel",
        description: "Kernel function that its main thread sleeps in",
        source: "/proc/[pid]/wchan, proc_pid_wchan(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::WAITING_CHANNEL),
        width: 20,
        value: |row| known(row.details().and_then(|all| all.waiting_channel.as_deref()), bytes),
        ..PLAIN
    },
    Column {
        id: "fds",
        title: "File Descriptors",
        description: "Files, sockets and pipes that it has open. Of rows out of view once in 60 updates",
        source: "/proc/[pid]/fd, proc_pid_fd(5)",
        needs: Needs::PROCESSES.union(Needs::DESCRIPTORS),
        width: 8,
        total: Total::Sum,
        value: |row| count(row.details().and_then(|all| all.descriptors)),
        ..PLAIN
    },
];
