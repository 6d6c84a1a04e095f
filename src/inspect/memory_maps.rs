//! The mappings of one process, from `/proc/[pid]/smaps` or, where that is not to be had, `/proc/[pid]/maps`.

use std::io;
use std::iter::Sum;
use std::ops::Add;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rustix::io::Errno;
use serde::Serialize;

use super::InspectError;
use super::deadline::{self, DeadlineReader, ReadError};
use crate::identity::{Identity, ProcessId};
use crate::kernel::pid_smaps::{self, Area};

/// How long [`memory_maps`] waits: the kernel walks every page table entry, tens of gigabytes take seconds.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// All mappings of a process at one moment, and their sums.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MemoryMaps {
    /// By address. Empty for kernel threads and zombies, which have no memory of their own.
    pub rows: Vec<Mapping>,
    /// Address space, in bytes.
    pub size_bytes: u64,
    /// Memory: a sum is there when every row has its part.
    pub usage: Usage,
}

/// One mapping, proc_pid_maps(5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mapping {
    /// What it is.
    pub kind: MapKind,
    /// Path of the file or the kernel's name in brackets, as bytes; empty for plain anonymous memory.
    pub name: Vec<u8>,
    /// First address.
    pub start: u64,
    /// First address behind it.
    pub end: u64,
    /// "`rwxp`": a hyphen for what is refused, `p` private or `s` shared.
    pub permissions: [u8; 4],
    /// Where in the file it begins, in bytes.
    pub offset: u64,
    /// Major and minor number of the file's device; (0, 0) for none.
    pub device: (u32, u32),
    /// The file's inode; 0 for none.
    pub inode: u64,
    /// What of it is in memory or swap.
    pub usage: Usage,
}

/// What a mapping is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum MapKind {
    /// A file.
    File,
    /// Memory without a name, or with one that the program gave it (`[anon:…]`).
    Anonymous,
    /// What brk(2) grows: `[heap]`.
    Heap,
    /// The main thread's stack, or another's on kernels that tell (`[stack:1234]`).
    Stack,
    /// Shared memory: POSIX, System V, memfd, shared anonymous.
    SharedMemory,
    /// A device's memory: below /dev.
    Device,
    /// The kernel's code and data for programs: `[vdso]`, `[vvar]`, `[vsyscall]`.
    Kernel,
    /// Some other thing of the kernel's that has no path (`anon_inode:…`, `[uprobes]`).
    Other,
}

/// Memory of a mapping or of all, in bytes: `/proc/[pid]/smaps`. `None`: the kernel does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Usage {
    /// In memory (`Rss`).
    pub resident_bytes: Option<u64>,
    /// In memory, each page divided by the number of its users (`Pss`).
    pub pss_bytes: Option<u64>,
    /// Clean pages of this process alone.
    pub private_clean_bytes: Option<u64>,
    /// Dirty pages of this process alone.
    pub private_dirty_bytes: Option<u64>,
    /// Clean pages with other users.
    pub shared_clean_bytes: Option<u64>,
    /// Dirty pages with other users.
    pub shared_dirty_bytes: Option<u64>,
    /// In swap.
    pub swap_bytes: Option<u64>,
}

/// Reads the mappings of process `id`; at most [`PATIENCE`] long, and not longer than until `cancel` is set.
/// Blocks, so never call it on the main thread. `proc` is where procfs is mounted, or a copy of one.
///
/// # Errors
/// See [`InspectError`]: `Gone` also when the pid has come to mean another process meanwhile.
pub fn memory_maps(proc: &Path, id: ProcessId, cancel: &AtomicBool) -> Result<MemoryMaps, InspectError> {
    memory_maps_with(deadline::shared(), PATIENCE, proc, id, cancel)
}

/// As [`memory_maps`], with a reader and a patience of the caller's choice.
///
/// # Errors
/// As [`memory_maps`].
pub fn memory_maps_with(
    reader: &DeadlineReader,
    patience: Duration,
    proc: &Path,
    id: ProcessId,
    cancel: &AtomicBool,
) -> Result<MemoryMaps, InspectError> {
    // smaps is missing from kernels built without CONFIG_PROC_PAGE_MONITOR, and may be refused apart from maps.
    read_first(&["smaps", "maps"], reader, patience, proc, id, cancel)
}

/// The mappings without what they use, from `/proc/[pid]/maps`: a tenth of the time of [`memory_maps`], so
/// that there is something to see before a large process has been measured. Blocks like that.
///
/// # Errors
/// As [`memory_maps`].
pub fn outline(proc: &Path, id: ProcessId, cancel: &AtomicBool) -> Result<MemoryMaps, InspectError> {
    read_first(&["maps"], deadline::shared(), PATIENCE, proc, id, cancel)
}

/// The first of these files that there is and may be read.
fn read_first(
    files: &[&str],
    reader: &DeadlineReader,
    patience: Duration,
    proc: &Path,
    id: ProcessId,
    cancel: &AtomicBool,
) -> Result<MemoryMaps, InspectError> {
    check(proc, id)?;
    let folder = proc.join(id.pid.to_string());
    let mut answer = Err((folder.clone(), ReadError::Io(Errno::NOENT.into())));
    for name in files {
        let path = folder.join(name);
        answer = reader.read(&path, patience, cancel).map_err(|error| (path, error));
        if !matches!(&answer, Err((_, error)) if is_refused(error)) {
            break;
        }
    }
    // Who had the pid while it was read, whatever came of it.
    check(proc, id)?;
    match answer {
        Ok(bytes) => Ok(MemoryMaps::from_bytes(&bytes)),
        // The process is there and has no memory: a kernel thread or a zombie.
        Err((_, error)) if is(&error, Errno::SRCH) => Ok(MemoryMaps::from_bytes(b"")),
        Err((path, error)) => Err(InspectError::at(&path, error)),
    }
}

fn check(proc: &Path, id: ProcessId) -> Result<(), InspectError> {
    match Identity::read(proc, id.pid) {
        Ok(Some(identity)) if identity.id == id => Ok(()),
        Ok(_) => Err(InspectError::Gone),
        Err(error) => Err(InspectError::at(&proc.join(id.pid.to_string()).join("stat"), error.into())),
    }
}

fn is_refused(error: &ReadError) -> bool {
    let refused = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    is(error, Errno::NOENT) || matches!(error, ReadError::Io(error) if refused(error))
}

fn is(error: &ReadError, errno: Errno) -> bool {
    matches!(error, ReadError::Io(error) if Errno::from_io_error(error) == Some(errno))
}

impl MemoryMaps {
    /// Understands the text of `smaps` or `maps`.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let rows: Vec<Mapping> = pid_smaps::areas(bytes).map(|area| Mapping::from(&area)).collect();
        let size_bytes = rows.iter().fold(0, |sum: u64, row| sum.saturating_add(row.size_bytes()));
        let usage = rows.iter().map(|row| row.usage).sum();
        Self { rows, size_bytes, usage }
    }
}

impl Mapping {
    /// Address space, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }
}

impl From<&Area<'_>> for Mapping {
    fn from(area: &Area<'_>) -> Self {
        let name = area.path().into_owned();
        Self {
            kind: MapKind::of(&name),
            name,
            start: area.start,
            end: area.end,
            permissions: area.permissions,
            offset: area.offset,
            device: area.device,
            inode: area.inode,
            usage: Usage {
                resident_bytes: area.rss_bytes,
                pss_bytes: area.pss_bytes,
                private_clean_bytes: area.private_clean_bytes,
                private_dirty_bytes: area.private_dirty_bytes,
                shared_clean_bytes: area.shared_clean_bytes,
                shared_dirty_bytes: area.shared_dirty_bytes,
                swap_bytes: area.swap_bytes,
            },
        }
    }
}

impl MapKind {
    /// A path begins with '/', so that a file cannot pass for a name of the kernel's. The reverse is possible:
    /// the kernel shows deleted shared memory as paths, proc_pid_maps(5).
    fn of(name: &[u8]) -> Self {
        let begins = |prefixes: &[&[u8]]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        if name.is_empty() || begins(&[b"[anon:"]) {
            Self::Anonymous
        } else if begins(&[b"/dev/shm/", b"/memfd:", b"/SYSV", b"[anon_shmem:"])
            || name == b"/dev/zero (deleted)"
        {
            Self::SharedMemory
        } else if begins(&[b"/dev/"]) {
            Self::Device
        } else if begins(&[b"/"]) {
            Self::File
        } else if name == b"[heap]" {
            Self::Heap
        } else if name == b"[stack]" || begins(&[b"[stack:"]) {
            Self::Stack
        } else if begins(&[b"[vdso", b"[vvar", b"[vsyscall", b"[vectors]", b"[sigpage]"]) {
            Self::Kernel
        } else {
            Self::Other
        }
    }
}

impl Usage {
    /// Nothing, and known to be nothing.
    const NOTHING: Self = Self {
        resident_bytes: Some(0),
        pss_bytes: Some(0),
        private_clean_bytes: Some(0),
        private_dirty_bytes: Some(0),
        shared_clean_bytes: Some(0),
        shared_dirty_bytes: Some(0),
        swap_bytes: Some(0),
    };
}

/// A sum with a part that is not known is not known.
impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let add = |one: Option<u64>, other: Option<u64>| one?.checked_add(other?);
        Self {
            resident_bytes: add(self.resident_bytes, other.resident_bytes),
            pss_bytes: add(self.pss_bytes, other.pss_bytes),
            private_clean_bytes: add(self.private_clean_bytes, other.private_clean_bytes),
            private_dirty_bytes: add(self.private_dirty_bytes, other.private_dirty_bytes),
            shared_clean_bytes: add(self.shared_clean_bytes, other.shared_clean_bytes),
            shared_dirty_bytes: add(self.shared_dirty_bytes, other.shared_dirty_bytes),
            swap_bytes: add(self.swap_bytes, other.swap_bytes),
        }
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::NOTHING, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_names_that_files_cannot_have() {
        let expected: [(&[u8], MapKind); 18] = [
            (b"", MapKind::Anonymous),
            (b"[anon:glibc: malloc]", MapKind::Anonymous),
            (b"[heap]", MapKind::Heap),
            (b"/tmp/[heap]", MapKind::File),
            (b"/usr/lib/libc.so.6", MapKind::File),
            (b"/usr/bin/x (deleted)", MapKind::File),
            (b"/\xff\n", MapKind::File),
            (b"[stack]", MapKind::Stack),
            (b"[stack:77]", MapKind::Stack),
            (b"[vdso]", MapKind::Kernel),
            (b"[vvar_vclock]", MapKind::Kernel),
            (b"[vsyscall]", MapKind::Kernel),
            (b"/memfd:pulseaudio (deleted)", MapKind::SharedMemory),
            (b"/SYSV00000000 (deleted)", MapKind::SharedMemory),
            (b"/dev/zero (deleted)", MapKind::SharedMemory),
            (b"/dev/shm/x", MapKind::SharedMemory),
            (b"/dev/dri/renderD128", MapKind::Device),
            (b"anon_inode:i915.gem", MapKind::Other),
        ];
        for (name, kind) in expected {
            assert_eq!(MapKind::of(name), kind, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn a_sum_is_known_only_when_all_its_parts_are() {
        let smaps = b"1000-3000 r--p 0 00:00 0 \nRss: 8 kB\nPss: 4 kB\nSwap: 0 kB\n\
            3000-4000 r--p 0 00:00 0 \nRss: 4 kB\nSwap: 4 kB\n";
        let maps = MemoryMaps::from_bytes(smaps);
        assert_eq!(maps.size_bytes, 0x3000);
        assert_eq!(maps.usage.resident_bytes, Some(12 << 10));
        assert_eq!(maps.usage.swap_bytes, Some(4 << 10));
        assert_eq!(maps.usage.pss_bytes, None);
        assert_eq!(maps.usage.private_dirty_bytes, None);
        assert_eq!(MemoryMaps::from_bytes(b"").usage, Usage::NOTHING);
    }
}
