//! Mounted file systems and how full they are.
//!
//! statfs(2) on a dead network mount never returns, so it is asked on a thread of its own with a deadline.
//! A mount that missed it is shown as not responding and not asked again before its answer has come.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::mountinfo;
use crate::source::Source;

/// How long a mount may take to say how full it is.
const DEADLINE: Duration = Duration::from_millis(200);

/// Fill changes slowly: time between two rounds over all mounts.
const ROUND_NS: u64 = 2_000_000_000;

/// File systems that wait for the network: real ones although no device stands behind them.
const NETWORK: &[&[u8]] =
    &[b"nfs", b"nfs4", b"cifs", b"smb3", b"9p", b"virtiofs", b"ceph", b"afs", b"fuse.sshfs", b"fuse.rclone"];

/// One mount, `/proc/self/mountinfo`, proc_pid_mountinfo(5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileSystem {
    /// The kernel's number of the mount.
    pub mount_id: Option<u32>,
    /// What is mounted: a device, `server:/path`, or a made-up name.
    pub device: Box<[u8]>,
    /// Where it is mounted.
    pub directory: Box<[u8]>,
    /// `ext4`, `nfs4`, …
    pub kind: Box<[u8]>,
    /// Mount options, comma separated.
    pub options: Box<[u8]>,
    /// Holds somebody's files: a device or a server stands behind it, and it is not mounted twice.
    pub ordinary: bool,
    /// How full it is.
    pub usage: Usage,
}

/// What statfs(2) said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Usage {
    /// The file system answered.
    Known {
        /// Size in bytes.
        total: u64,
        /// Bytes that nobody uses, `f_bfree`.
        free: u64,
        /// Bytes that an ordinary user may still use, `f_bavail`.
        available: u64,
    },
    /// No answer within the deadline: a dead server, most likely.
    NotResponding,
    /// Not asked (an automount trap, a captured machine), refused, or without a size.
    Unknown,
}

impl Usage {
    /// Size in bytes.
    #[must_use]
    pub fn total(self) -> Option<u64> {
        if let Self::Known { total, .. } = self { Some(total) } else { None }
    }

    /// Bytes that nobody uses.
    #[must_use]
    pub fn free(self) -> Option<u64> {
        if let Self::Known { free, .. } = self { Some(free) } else { None }
    }

    /// Bytes that an ordinary user may still use.
    #[must_use]
    pub fn available(self) -> Option<u64> {
        if let Self::Known { available, .. } = self { Some(available) } else { None }
    }

    /// Bytes in use, as `df` counts them: total − free.
    #[must_use]
    pub fn used(self) -> Option<u64> {
        match self {
            Self::Known { total, free, .. } => total.checked_sub(free),
            Self::NotResponding | Self::Unknown => None,
        }
    }

    /// Share of what an ordinary user could use that is in use, 0…1, as `df` counts its percentage.
    #[must_use]
    pub fn used_fraction(self) -> Option<f64> {
        let Self::Known { available, .. } = self else { return None };
        let used = self.used()?;
        let usable = used.checked_add(available).filter(|&bytes| bytes > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a share is shown with a few digits")]
        Some(used as f64 / usable as f64)
    }
}

/// The latest round, shared with the thread that makes them.
#[derive(Default)]
struct Board {
    latest: Mutex<Option<Arc<Vec<FileSystem>>>>,
    changed: Condvar,
}

/// Watches the mounts from a thread of its own that starts at the first question.
pub struct FileSystemWatch {
    source: Source,
    board: Arc<Board>,
    rounds: Option<Sender<()>>,
    asked_ns: Option<u64>,
}

impl FileSystemWatch {
    /// A watch that has not looked yet.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self { source, board: Arc::default(), rounds: None, asked_ns: None }
    }

    /// What the last round found, at once, and `None` before the first; asks for another round when it is
    /// time.
    pub fn latest(&mut self, now_ns: u64) -> Option<Arc<Vec<FileSystem>>> {
        if self.asked_ns.is_none_or(|at| now_ns.saturating_sub(at) >= ROUND_NS) {
            self.asked_ns = Some(now_ns);
            self.ask();
        }
        let latest = self.board.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.clone()
    }

    /// Waits for the first round; bounded, because each mount has a deadline.
    pub fn wait(&mut self) {
        self.ask();
        let latest = self.board.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let patience = Duration::from_secs(5);
        drop(self.board.changed.wait_timeout_while(latest, patience, |latest| latest.is_none()));
    }

    fn ask(&mut self) {
        if self.rounds.is_none() {
            let (sender, receiver) = channel();
            let (source, board) = (self.source.clone(), Arc::clone(&self.board));
            let spawned = std::thread::Builder::new()
                .name("gnomon-mounts".into())
                .spawn(move || keep_watch(&source, &board, &receiver));
            // Without a thread there is nothing to show; the next tick tries again.
            self.rounds = spawned.ok().map(|_| sender);
        }
        if let Some(rounds) = &self.rounds {
            let _ = rounds.send(());
        }
    }
}

fn keep_watch(source: &Source, board: &Board, rounds: &Receiver<()>) {
    let mut asker = Asker::default();
    let mut buffer = Vec::new();
    while rounds.recv().is_ok() {
        while rounds.try_recv().is_ok() {}
        let found = round(source, &mut asker, &mut buffer);
        *board.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(found));
        board.changed.notify_all();
    }
}

/// One look at all mounts.
fn round(source: &Source, asker: &mut Asker, buffer: &mut Vec<u8>) -> Vec<FileSystem> {
    let Ok(bytes) = source.read("proc/self/mountinfo", buffer) else { return Vec::new() };
    let mounts: Vec<_> = mountinfo::parse(bytes).collect();
    // Of mounts over one another only the last can be looked into; statfs by path answers for it alone.
    let on_top: HashMap<&[u8], usize> =
        mounts.iter().enumerate().map(|(index, mount)| (&*mount.mount_point, index)).collect();
    let mut seen = HashSet::new();
    let mut found: Vec<FileSystem> = Vec::new();
    let mut covered = Vec::new();
    for (index, mount) in mounts.iter().enumerate() {
        let behind = mount.source.starts_with(b"/") || NETWORK.contains(&&*mount.fs_type);
        let visible = on_top.get(&*mount.mount_point) == Some(&index);
        // Part of a file system mounted once more (a container's /etc/hosts) is not another one; subvolumes
        // share a device, but are.
        let subvolume = (*mount.fs_type == *b"btrfs").then(|| mount.root.to_vec());
        let first = visible && behind && seen.insert((mount.device, subvolume));
        covered.push(!visible);
        found.push(FileSystem {
            mount_id: mount.id,
            ordinary: first,
            device: mount.source.to_vec().into(),
            directory: mount.mount_point.to_vec().into(),
            kind: mount.fs_type.to_vec().into(),
            options: mount.options.into(),
            usage: Usage::Unknown,
        });
    }
    asker.forget_all_but(&found);
    for (file_system, covered) in found.iter_mut().zip(covered) {
        // Looking at an automount point would mount it; a captured machine has no file systems to ask.
        if !covered && &*file_system.kind != b"autofs" && source.is_live() {
            file_system.usage = asker.ask(source, file_system.mount_id, &file_system.directory);
        }
    }
    found
}

type Question = (Vec<u8>, Sender<Usage>);

/// Asks one mount at a time on a helper thread and leaves the thread behind when it hangs.
#[derive(Default)]
struct Asker {
    helper: Option<Sender<Question>>,
    hung: HashMap<Option<u32>, Receiver<Usage>>,
}

impl Asker {
    fn forget_all_but(&mut self, mounts: &[FileSystem]) {
        self.hung.retain(|id, _| mounts.iter().any(|mount| mount.mount_id == *id));
    }

    fn ask(&mut self, source: &Source, mount_id: Option<u32>, directory: &[u8]) -> Usage {
        if let Some(late) = self.hung.get(&mount_id) {
            let Ok(usage) = late.try_recv() else { return Usage::NotResponding };
            self.hung.remove(&mount_id);
            return usage;
        }
        let (answer, answered) = channel();
        if self.send((directory.to_vec(), answer), source).is_none() {
            return Usage::Unknown;
        }
        match answered.recv_timeout(DEADLINE) {
            Ok(usage) => usage,
            Err(RecvTimeoutError::Timeout) => {
                self.hung.insert(mount_id, answered);
                self.helper = None;
                Usage::NotResponding
            }
            Err(RecvTimeoutError::Disconnected) => Usage::Unknown,
        }
    }

    fn send(&mut self, question: Question, source: &Source) -> Option<()> {
        if self.helper.is_none() {
            let (sender, questions) = channel::<Question>();
            let source = source.clone();
            std::thread::Builder::new()
                .name("gnomon-statfs".into())
                .spawn(move || {
                    for (directory, answer) in questions {
                        let _ = answer.send(statfs(&source, &directory));
                    }
                })
                .ok()?;
            self.helper = Some(sender);
        }
        self.helper.as_ref()?.send(question).ok()
    }
}

fn statfs(source: &Source, directory: &[u8]) -> Usage {
    match source.statfs(directory) {
        Ok(answer) if answer.f_blocks > 0 => Usage::Known {
            total: answer.f_blocks.saturating_mul(answer.f_frsize),
            free: answer.f_bfree.saturating_mul(answer.f_frsize),
            available: answer.f_bavail.saturating_mul(answer.f_frsize),
        },
        _ => Usage::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Operation, Probe, Verdict};

    #[test]
    fn the_root_file_system_is_there_and_has_a_size() {
        let mut watch = FileSystemWatch::new(Source::live().unwrap());
        watch.wait();
        let all = watch.latest(0).expect("a round");
        let root = all.iter().rev().find(|fs| &*fs.directory == b"/").expect("a root");
        assert!(root.usage.used().unwrap() > 0 && root.usage.used_fraction().unwrap() <= 1.0, "{root:?}");
    }

    #[test]
    fn a_mount_that_hangs_is_named_and_the_others_still_answer() {
        struct Hang;
        impl Probe for Hang {
            fn before(&self, operation: Operation<'_>) -> Verdict {
                if operation == Operation::StatFs(b"/dev/shm") || operation == Operation::StatFs(b"/dev") {
                    std::thread::sleep(Duration::from_secs(3600));
                }
                Verdict::Proceed
            }
        }
        let source = Source::live().unwrap().with_probe(Arc::new(Hang));
        let mut asker = Asker::default();
        let mut buffer = Vec::new();
        for _ in 0..2 {
            let all = round(&source, &mut asker, &mut buffer);
            let usage =
                |directory: &[u8]| all.iter().rev().find(|fs| &*fs.directory == directory).map(|fs| fs.usage);
            assert_eq!(usage(b"/dev"), Some(Usage::NotResponding));
            assert!(usage(b"/").unwrap().used().is_some());
        }
    }
}
