//! What is rarely wanted and may change while a process runs, each from a file of its own.

use std::sync::Arc;

use rustix::io::Errno;

use super::is_denied;
use super::reader::{Reader, Urgency, remember};
use crate::kernel::{number, pid_ns_link, pid_schedstat, pid_status, pid_wchan};
use crate::sample::details::{Namespaces, Rollup, Status, shared};
use crate::sample::{Details, Needs, Process};
use crate::source::Source;

/// What [`Details`] come from.
const WANTED: Needs = Needs::STATUS
    .union(Needs::SCHEDSTAT)
    .union(Needs::SMAPS_ROLLUP)
    .union(Needs::OOM_SCORE)
    .union(Needs::OOM_SCORE_ADJ)
    .union(Needs::WORKING_DIRECTORY)
    .union(Needs::NAMESPACES)
    .union(Needs::WAITING_CHANNEL)
    .union(Needs::DESCRIPTORS)
    .union(Needs::IO_PRIORITY);

impl Reader<'_> {
    /// Reads what is wanted. What says the same as `before` is shared with it, and so costs no memory.
    pub(super) fn details(
        &mut self,
        process: &Process,
        before: Option<&Arc<Details>>,
        urgency: Urgency,
        refused: &mut Needs,
    ) -> Option<Arc<Details>> {
        if !self.wanted.needs.intersects(WANTED) {
            return None;
        }
        let pid = process.id.pid;
        let text = |of: fn(&Details) -> &Option<Arc<[u8]>>| before.and_then(|before| of(before).as_ref());
        let status = self.file(pid, Needs::STATUS, "status", refused).map(|bytes| {
            Status::of(&pid_status::parse(bytes), before.and_then(|before| before.status.as_ref()))
        });
        let schedstat = self.file(pid, Needs::SCHEDSTAT, "schedstat", refused);
        let cpu_wait_ns = schedstat.and_then(|bytes| pid_schedstat::parse(bytes).ok()).map(|all| all.wait_ns);
        let oom_score = self.file(pid, Needs::OOM_SCORE, "oom_score", refused);
        let oom_score = oom_score.and_then(|bytes| number::unsigned(bytes).ok());
        let oom_score_adj = self.file(pid, Needs::OOM_SCORE_ADJ, "oom_score_adj", refused);
        let oom_score_adj = oom_score_adj.and_then(|bytes| number::signed(bytes).ok());
        // Who runs waits for nothing.
        let waiting_channel = if process.state == b'R' {
            None
        } else {
            let bytes = self.file(pid, Needs::WAITING_CHANNEL, "wchan", refused);
            bytes.and_then(pid_wchan::parse).map(|bytes| shared(text(|all| &all.waiting_channel), bytes))
        };
        let working_directory = self
            .link(pid, Needs::WORKING_DIRECTORY, "cwd", refused)
            .map(|bytes| shared(text(|all| &all.working_directory), bytes));
        let io_priority = self
            .asks(Needs::IO_PRIORITY, *refused)
            .then(|| remember(self.source.io_priority_of(pid), Needs::IO_PRIORITY, refused))
            .flatten();
        let mut now = Details {
            status,
            cpu_wait_ns,
            oom_score,
            oom_score_adj,
            io_priority,
            waiting_channel,
            working_directory,
            ..Details::default()
        };
        if urgency != Urgency::Moved || self.wanted.costly_of_all {
            self.costly(&mut now, process, refused);
        } else if let Some(before) = before {
            // Out of view: as it was at its last turn.
            let known = |need| self.wanted.needs.contains(need);
            now.rollup = before.rollup.filter(|_| known(Needs::SMAPS_ROLLUP));
            now.descriptors = before.descriptors.filter(|_| known(Needs::DESCRIPTORS));
            now.namespaces = before.namespaces.filter(|_| known(Needs::NAMESPACES));
        }
        match before {
            _ if now == Details::default() => None,
            Some(before) if **before == now => Some(Arc::clone(before)),
            _ => Some(Arc::new(now)),
        }
    }

    /// [`Needs::COSTLY`].
    fn costly(&mut self, now: &mut Details, process: &Process, refused: &mut Needs) {
        let pid = process.id.pid;
        // A kernel thread has no memory of its own.
        if !process.facts.kernel_thread {
            let bytes = self.file(pid, Needs::SMAPS_ROLLUP, "smaps_rollup", refused);
            now.rollup = bytes.and_then(Rollup::parse);
        }
        if self.asks(Needs::DESCRIPTORS, *refused) {
            now.descriptors = remember(self.source.count_of(pid, "fd"), Needs::DESCRIPTORS, refused);
        }
        if self.asks(Needs::NAMESPACES, *refused) {
            match inodes(self.source, pid, self.buffer) {
                Ok(own) => {
                    let first = self.names.namespaces.get(self.source, self.buffer);
                    now.namespaces = first.and_then(|first| difference(&own, first));
                }
                Err(_) => *refused |= Needs::NAMESPACES,
            }
        }
    }
}

/// Inode numbers of a process's namespaces in the order of [`Namespaces::LINKS`]; a kernel of old lacks some.
type Inodes = [Option<u64>; Namespaces::LINKS.len()];

/// The namespaces that others are compared with. The first process's, as long as it lives, are those of the
/// machine or of the container that all this runs in. Without the right to look at it, our own stand for
/// them: a desktop session is in the same ones.
#[derive(Default)]
pub(super) struct FirstNamespaces {
    known: Option<Inodes>,
}

impl FirstNamespaces {
    fn get(&mut self, source: &Source, buffer: &mut Vec<u8>) -> Option<&Inodes> {
        if self.known.is_none() {
            let own = || source.is_live().then(std::process::id);
            let first = inodes(source, 1, buffer).ok().filter(|all| all.iter().any(Option::is_some));
            self.known = first.or_else(|| inodes(source, own()?, buffer).ok());
        }
        self.known.as_ref()
    }
}

/// # Errors
/// When the process may not be looked at.
fn inodes(source: &Source, pid: u32, buffer: &mut Vec<u8>) -> Result<Inodes, Errno> {
    let mut all = Inodes::default();
    for (inode, link) in all.iter_mut().zip(Namespaces::LINKS) {
        match source.link_of(pid, link, buffer) {
            Ok(target) => *inode = pid_ns_link::parse(target).ok().map(|namespace| namespace.inode),
            Err(error) if is_denied(error) => return Err(error),
            Err(_) => {}
        }
    }
    Ok(all)
}

/// The kinds that differ; `None` when no kind is known of both.
fn difference(own: &Inodes, first: &Inodes) -> Option<Namespaces> {
    let mut known = false;
    let mut differing = Namespaces::empty();
    for (bit, pair) in own.iter().zip(first).enumerate() {
        if let (Some(own), Some(first)) = pair {
            known = true;
            differing.set(Namespaces::from_bits_retain(1 << bit), own != first);
        }
    }
    known.then_some(differing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_are_not_known_of_both_do_not_differ() {
        let own = [Some(1), Some(2), None, Some(4), None, None, None, None];
        let first = [Some(1), Some(3), Some(3), None, None, None, None, None];
        assert_eq!(difference(&own, &first), Some(Namespaces::IPC));
        assert_eq!(difference(&own, &Inodes::default()), None);
        assert_eq!(difference(&own, &own), Some(Namespaces::empty()));
    }
}
