//! What stays for a process's life: read at first sight, when something hints at a change, and in turn.

use super::reader::Reader;
use crate::kernel::{attr_current, number, pid_cgroup, pid_status};
use crate::sample::process::COMM_MAX;
use crate::sample::{Facts, Needs, Process, RareFacts};

/// Audit's "nobody logged in", `include/uapi/linux/audit.h`.
const UNSET: u32 = u32::MAX;

impl Reader<'_> {
    /// Reads what lasts a lifetime.
    pub(super) fn facts(&mut self, process: &Process, refused: &mut Needs) -> Facts {
        let pid = process.id.pid;
        let before = &process.facts;
        // The name needs the arguments where the kernel cut it off.
        let wants_arguments =
            self.wanted.needs.contains(Needs::COMMAND_LINE) || before.comm.len() >= COMM_MAX;
        let arguments: Option<Box<[u8]>> = (wants_arguments && !before.kernel_thread)
            .then(|| self.source.read_of(pid, "cmdline", self.buffer).ok().map(Into::into))
            .flatten();
        let rare = self.rare_facts(process, refused);
        Facts {
            name: Facts::complete_name(&before.comm, arguments.as_deref().unwrap_or_default()),
            comm: before.comm.clone(),
            arguments: arguments.filter(|_| self.wanted.needs.contains(Needs::COMMAND_LINE)),
            uid: self.owner(pid),
            kernel_thread: before.kernel_thread,
            rare: (rare != RareFacts::default()).then(|| Box::new(rare)),
        }
    }

    fn rare_facts(&mut self, process: &Process, refused: &mut Needs) -> RareFacts {
        if !self.wanted.needs.intersects(Needs::LIFETIME) {
            return RareFacts::default();
        }
        let pid = process.id.pid;
        let control_group = if self.asks(Needs::CGROUP, *refused) {
            // The group is looked up while the buffer holds its path, so not through `file`.
            let answer = self.source.read_of(pid, "cgroup", self.buffer);
            let bytes = super::reader::remember(answer, Needs::CGROUP, refused);
            bytes.and_then(pid_cgroup::unified).map(|path| self.names.groups.get(path))
        } else {
            None
        };
        // A kernel thread executes no file.
        let executable = if process.facts.kernel_thread {
            None
        } else {
            self.link(pid, Needs::EXECUTABLE, "exe", refused).map(Into::into)
        };
        let mut unless_unset = |need, name| {
            let bytes = self.file(pid, need, name, refused)?;
            number::unsigned(bytes).ok().filter(|&number| number != UNSET)
        };
        let login_uid = unless_unset(Needs::LOGIN_UID, "loginuid");
        let audit_session = unless_unset(Needs::SESSION_ID, "sessionid");
        let context = self.file(pid, Needs::SECURITY_CONTEXT, "attr/current", refused);
        let security_context = context.and_then(attr_current::parse).map(Into::into);
        let rare = RareFacts { control_group, executable, login_uid, audit_session, security_context };
        if let Some(uid) = login_uid {
            self.names.users.see(uid);
        }
        if let (true, Some(session)) = (self.wanted.needs.contains(Needs::SEATS), rare.session()) {
            self.names.seats.see(&session);
        }
        rare
    }

    /// The effective user.
    fn owner(&mut self, pid: u32) -> Option<u32> {
        let uid = if self.source.is_live() {
            self.source.owner_of(pid).ok()?
        } else {
            // In a captured tree every file belongs to whoever unpacked it.
            let bytes = self.source.read_of(pid, "status", self.buffer).ok()?;
            pid_status::parse(bytes).effective_uid?
        };
        self.names.users.see(uid);
        Some(uid)
    }
}
