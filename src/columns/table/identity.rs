//! Who a process is.

use std::borrow::Cow;

use crate::columns::{Column, PLAIN, Value, bytes, count, known, real, text, words};
use crate::sample::Needs;
use crate::units::Unit;

pub(super) const COLUMNS: &[Column] = &[
    Column {
        id: "state",
        title: "State",
        description: "What it does: runs, sleeps, waits for a device, is stopped, or has ended and is not yet reaped",
        source: "/proc/[pid]/stat state, proc_pid_stat(5)",
        unit: Unit::Text,
        width: 10,
        value: |row| row.process.state_in_words().map_or(Value::Unknown, text),
        ..PLAIN
    },
    Column {
        id: "parent",
        title: "Parent",
        description: "Process number of the parent",
        source: "/proc/[pid]/stat ppid, proc_pid_stat(5)",
        width: 8,
        value: |row| Value::Count(row.process.parent.into()),
        ..PLAIN
    },
    Column {
        id: "owner",
        title: "Owner",
        description: "User who logged in before it was started, whoever it runs as now",
        source: "/proc/[pid]/loginuid, proc_pid_loginuid(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::LOGIN_UID),
        value: |row| known(row.rare().and_then(|rare| rare.login_uid), |uid| row.user(uid)),
        ..PLAIN
    },
    Column {
        id: "command_line",
        title: "Command Line",
        description: "Program and arguments as it was started",
        source: "/proc/[pid]/cmdline, proc_pid_cmdline(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::COMMAND_LINE),
        width: 40,
        value: |row| row.command_line().map_or(Value::Unknown, |line| Value::Text(Cow::Owned(line))),
        ..PLAIN
    },
    Column {
        id: "executable",
        title: "Executable",
        description: "File that it executes",
        source: "/proc/[pid]/exe, proc_pid_exe(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::EXECUTABLE),
        width: 30,
        value: |row| known(row.rare().and_then(|rare| rare.executable.as_deref()), bytes),
        ..PLAIN
    },
    Column {
        id: "working_directory",
        title: "Working Directory",
        description: "Directory that its relative paths begin at",
        source: "/proc/[pid]/cwd, proc_pid_cwd(5)",
        unit: Unit::Text,
        needs: Needs::PROCESSES.union(Needs::WORKING_DIRECTORY),
        width: 30,
        value: |row| known(row.details().and_then(|all| all.working_directory.as_deref()), bytes),
        ..PLAIN
    },
    Column {
        id: "session_id",
        title: "Session ID",
        description: "Process number of the leader of its terminal session",
        source: "/proc/[pid]/stat session, proc_pid_stat(5)",
        width: 8,
        value: |row| count(row.process.session.try_into().ok()),
        ..PLAIN
    },
    Column {
        id: "process_group",
        title: "Process Group",
        description: "Process number of the leader of its process group, which is a job of a shell",
        source: "/proc/[pid]/stat pgrp, proc_pid_stat(5)",
        width: 8,
        value: |row| count(row.process.process_group.try_into().ok()),
        ..PLAIN
    },
    Column {
        id: "terminal",
        title: "Terminal",
        description: "Terminal that it is controlled from",
        source: "/proc/[pid]/stat tty_nr, proc_pid_stat(5)",
        unit: Unit::Text,
        width: 10,
        value: |row| known(words::terminal(row.process.tty), Value::Text),
        ..PLAIN
    },
    Column {
        id: "start_time",
        title: "Started",
        description: "When it began",
        source: "/proc/[pid]/stat starttime, proc_pid_stat(5), after btime of /proc/stat",
        unit: Unit::Time,
        needs: Needs::PROCESSES.union(Needs::CPU),
        width: 20,
        value: |row| real(row.started()),
        ..PLAIN
    },
    Column {
        id: "age",
        title: "Age",
        description: "Time since it began",
        source: "/proc/[pid]/stat starttime, proc_pid_stat(5), before now",
        unit: Unit::Seconds,
        value: |row| real(row.age()),
        ..PLAIN
    },
];
