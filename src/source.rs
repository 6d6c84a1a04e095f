//! Where every fact is read: a root directory, a clock, and the few system calls around them.
//!
//! All reading of `/proc` and `/sys` goes through one [`Source`], so a captured machine under any root is as
//! good as the running one, and a [`Probe`] sees, counts, refuses or spoils each operation in tests.

mod probe;

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::net::IpAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{self, AtFlags, Mode, OFlags, RawDir, SeekFrom};
use rustix::io::Errno;
use rustix::time::{ClockId, clock_gettime};

pub use self::probe::{Operation, Probe, Verdict};
use crate::sample::Moment;
use crate::sys;

/// Why the source could not answer, with the path that was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct SourceError {
    path: String,
    message: String,
}

impl SourceError {
    /// Adds the path to what went wrong there.
    pub fn at(path: impl AsRef<Path>, error: impl std::fmt::Display) -> Self {
        Self { path: path.as_ref().display().to_string(), message: error.to_string() }
    }
}

/// An address of a network interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceAddress {
    /// The interface's name.
    pub interface: Vec<u8>,
    /// The address.
    pub address: IpAddr,
    /// Leading bits that name the network.
    pub prefix_bits: u8,
}

/// The machine that is sampled.
#[derive(Clone)]
pub struct Source {
    root: PathBuf,
    root_dir: Arc<OwnedFd>,
    proc_dir: Arc<OwnedFd>,
    live: bool,
    probe: Option<Arc<dyn Probe>>,
}

/// The longest path that a link holds, with its NUL, limits.h(0P).
const PATH_MAX: usize = 4096;

/// Where a listing of `/proc` may begin: the directory offset that stands for a pid.
///
/// The kernel numbers the entries of `/proc` as pid plus a constant; the constant is learnt from a listing.
pub type PidOffset = u64;

impl Source {
    /// The running machine.
    ///
    /// # Errors
    /// When `/proc` is not there.
    pub fn live() -> Result<Self, SourceError> {
        Self::open(Path::new("/"))
    }

    /// The machine whose `proc`, `sys` and `etc` lie below `root`; `/` is the running one.
    ///
    /// # Errors
    /// When `root` or its `proc` is not a directory that can be opened.
    pub fn open(root: &Path) -> Result<Self, SourceError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root_dir = fs::open(root, flags, Mode::empty()).map_err(|error| SourceError::at(root, error))?;
        let proc_dir = fs::openat(&root_dir, c"proc", flags, Mode::empty())
            .map_err(|error| SourceError::at(root.join("proc"), error))?;
        let live = std::fs::canonicalize(root).is_ok_and(|path| path == Path::new("/"));
        Ok(Self {
            root: root.to_owned(),
            root_dir: Arc::new(root_dir),
            proc_dir: Arc::new(proc_dir),
            live,
            probe: None,
        })
    }

    /// The same source, watched.
    #[must_use]
    pub fn with_probe(mut self, probe: Arc<dyn Probe>) -> Self {
        self.probe = Some(probe);
        self
    }

    /// Whether this is the running machine, whose processes have CPU clocks and can be acted upon.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// The directory below which everything is read.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn judge(&self, operation: Operation<'_>) -> Result<usize, Errno> {
        match self.probe.as_deref().map(|probe| probe.before(operation)) {
            None | Some(Verdict::Proceed) => Ok(usize::MAX),
            Some(Verdict::Truncate(bytes)) => Ok(bytes),
            Some(Verdict::Fail(error)) => Err(error),
        }
    }

    /// Reads a whole file below the root, `"proc/meminfo"`, into `buffer` and returns its bytes. The path is
    /// bytes, because devices and interfaces may have names that are no text.
    ///
    /// # Errors
    /// The kernel's, unchanged: most callers only ask whether it means "gone" or "denied".
    pub fn read<'b>(&self, path: impl AsRef<[u8]>, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], Errno> {
        let path = path.as_ref();
        self.read_below(&self.root_dir, path, &String::from_utf8_lossy(path), buffer)
    }

    /// Reads `/proc/[pid]/name`.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn read_of<'b>(&self, pid: u32, name: &str, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], Errno> {
        let path = PidPath::new(pid, name);
        self.read_below(&self.proc_dir, path.as_str().as_bytes(), name, buffer)
    }

    fn read_below<'b>(
        &self,
        dir: &OwnedFd,
        path: &[u8],
        shown: &str,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], Errno> {
        let limit = self.judge(Operation::Read(shown))?;
        // O_NONBLOCK: a FIFO in a captured tree must not hold the tick; kernel files do not mind.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = fs::openat(dir, path, flags, Mode::empty())?;
        buffer.clear();
        if buffer.capacity() < 4096 {
            buffer.reserve(4096);
        }
        loop {
            match rustix::io::read(&file, rustix::buffer::spare_capacity(buffer)) {
                // A kernel file's short read is its end only when the next read says so; but a buffer that
                // was not filled by a file of one record (stat, statm, io) saves that second call.
                Ok(0) => break,
                Ok(_) if buffer.len() < buffer.capacity() && is_single_record(shown) => break,
                Ok(_) if buffer.len() == buffer.capacity() => buffer.reserve(buffer.capacity()),
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error),
            }
        }
        buffer.truncate(limit);
        Ok(buffer)
    }

    /// Reads the symbolic link `/proc/[pid]/name` (`exe`, `cwd`) into `buffer` and returns where it points to.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn link_of<'b>(&self, pid: u32, name: &str, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], Errno> {
        let limit = self.judge(Operation::Link(name))?;
        let path = PidPath::new(pid, name);
        buffer.clear();
        // No link of the kernel is longer than a page, readlink(2).
        buffer.reserve(PATH_MAX);
        fs::readlinkat_raw(&*self.proc_dir, path.as_str(), rustix::buffer::spare_capacity(buffer))?;
        buffer.truncate(limit);
        Ok(buffer)
    }

    /// How many entries the directory `/proc/[pid]/name` (`fd`) has.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn count_of(&self, pid: u32, name: &str) -> Result<u64, Errno> {
        self.judge(Operation::List(name))?;
        let path = PidPath::new(pid, name);
        if self.live {
            // Since Linux 6.2 the kernel gives the number of descriptors for the size of `fd`, to everybody.
            let size = fs::statat(&*self.proc_dir, path.as_str(), AtFlags::empty())?.st_size;
            if let Some(size) = u64::try_from(size).ok().filter(|&size| size > 0) {
                return Ok(size);
            }
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir = fs::openat(&*self.proc_dir, path.as_str(), flags, Mode::empty())?;
        let mut room = [MaybeUninit::uninit(); 8192];
        let mut entries = RawDir::new(&dir, &mut room);
        let mut count = 0;
        while let Some(entry) = entries.next() {
            count += u64::from(!matches!(entry?.file_name().to_bytes(), b"." | b".."));
        }
        Ok(count)
    }

    /// Reads a symbolic link below the root.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn link(&self, path: impl AsRef<[u8]>) -> Result<Vec<u8>, Errno> {
        let path = path.as_ref();
        self.judge(Operation::Link(&String::from_utf8_lossy(path)))?;
        fs::readlinkat(&*self.root_dir, path, Vec::new()).map(std::ffi::CString::into_bytes)
    }

    /// The user that a process runs as: the owner of `/proc/[pid]`, proc(5).
    ///
    /// In a captured tree the owner is whoever unpacked it: `status` answers there.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn owner_of(&self, pid: u32) -> Result<u32, Errno> {
        self.judge(Operation::Owner(""))?;
        let path = PidPath::new(pid, "");
        Ok(fs::statat(&*self.proc_dir, path.as_str(), AtFlags::empty())?.st_uid)
    }

    /// CPU nanoseconds of a whole process.
    ///
    /// # Errors
    /// `EINVAL` when there is no such process, or no such clock.
    pub fn cpu_ns_of(&self, pid: u32) -> Result<u64, Errno> {
        self.judge(Operation::CpuClock(pid))?;
        if !self.live {
            return Err(Errno::NOSYS);
        }
        sys::process_cpu_ns(pid)
    }

    /// I/O priority of a process's main thread as `class << 13 | level`, ioprio_get(2).
    ///
    /// # Errors
    /// The kernel's, unchanged; `ENOSYS` when this is not the running machine.
    pub fn io_priority_of(&self, pid: u32) -> Result<u16, Errno> {
        self.judge(Operation::IoPriority(pid))?;
        if !self.live {
            return Err(Errno::NOSYS);
        }
        sys::io_priority(pid)
    }

    /// Names in a directory below the root, as bytes, without `.` and `..`; unsorted.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn list(&self, path: impl AsRef<[u8]>) -> Result<Vec<Vec<u8>>, Errno> {
        let path = path.as_ref();
        self.judge(Operation::List(&String::from_utf8_lossy(path)))?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir = fs::openat(&*self.root_dir, path, flags, Mode::empty())?;
        let mut names = Vec::new();
        let mut room = [MaybeUninit::uninit(); 8192];
        let mut entries = RawDir::new(&dir, &mut room);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(name.to_vec());
            }
        }
        Ok(names)
    }

    /// Appends to `pids` the processes that `/proc` lists from `offset` on, in the kernel's order, and
    /// returns the constant that turns a pid into an offset where the listing shows one.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn list_pids(&self, offset: Option<PidOffset>, pids: &mut Vec<u32>) -> Result<Option<u64>, Errno> {
        self.judge(Operation::List("proc"))?;
        fs::seek(&*self.proc_dir, SeekFrom::Start(offset.unwrap_or(0)))?;
        let mut room = [MaybeUninit::uninit(); 16384];
        let mut entries = RawDir::new(self.proc_dir.as_fd(), &mut room);
        let mut learnt = Learnt::Nothing;
        let mut cookie = None;
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let pid = pid_of_name(entry.file_name());
            if let Some(pid) = pid {
                pids.push(pid);
                if let Some(before) = cookie {
                    learnt.see(before, pid);
                }
            }
            cookie = pid.map(|_| entry.next_entry_cookie());
        }
        Ok(learnt.constant())
    }

    /// The addresses of all interfaces of the running machine, getifaddrs(3): one question to the kernel
    /// over netlink, because no file says which interface an IPv4 address belongs to.
    ///
    /// # Errors
    /// The kernel's, unchanged; `ENOSYS` for a machine that does not run here.
    pub fn addresses(&self) -> Result<Vec<InterfaceAddress>, Errno> {
        self.judge(Operation::Addresses)?;
        if !self.live {
            return Err(Errno::NOSYS);
        }
        let all = nix::ifaddrs::getifaddrs().map_err(|error| Errno::from_raw_os_error(error as i32))?;
        Ok(all.filter_map(interface_address).collect())
    }

    /// Now, on the three clocks that matter.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment {
            monotonic_ns: nanoseconds(ClockId::Monotonic),
            boottime_ns: nanoseconds(ClockId::Boottime),
            realtime_ns: nanoseconds(ClockId::Realtime),
        }
    }

    /// Size and fill of the file system mounted at `path` (bytes, as `mountinfo` names it), statfs(2).
    ///
    /// May hang for ever on a dead network mount: never called by the sampler's own thread.
    ///
    /// # Errors
    /// The kernel's, unchanged.
    pub fn statfs(&self, path: &[u8]) -> Result<fs::StatVfs, Errno> {
        self.judge(Operation::StatFs(path))?;
        fs::statvfs(path)
    }
}

/// Files that the kernel writes in one go, so that one read which did not fill the buffer had all of it.
fn is_single_record(name: &str) -> bool {
    matches!(
        name,
        "stat"
            | "statm"
            | "io"
            | "cgroup"
            | "comm"
            | "schedstat"
            | "status"
            | "smaps_rollup"
            | "oom_score"
            | "oom_score_adj"
            | "loginuid"
            | "sessionid"
            | "wchan"
            | "attr/current"
            | "proc/loadavg"
    )
}

/// `None` for what is no IP address: each interface is also listed with its hardware address.
fn interface_address(found: nix::ifaddrs::InterfaceAddress) -> Option<InterfaceAddress> {
    let ip = |storage: &nix::sys::socket::SockaddrStorage| -> Option<IpAddr> {
        let v4 = storage.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
        v4.or_else(|| storage.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip())))
    };
    let address = ip(found.address.as_ref()?)?;
    let prefix_bits = match ip(found.netmask.as_ref()?)? {
        IpAddr::V4(mask) => mask.to_bits().leading_ones(),
        IpAddr::V6(mask) => mask.to_bits().leading_ones(),
    };
    Some(InterfaceAddress {
        interface: found.interface_name.into_bytes(),
        address,
        prefix_bits: u8::try_from(prefix_bits).ok()?,
    })
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

fn pid_of_name(name: &CStr) -> Option<u32> {
    let digits = name.to_bytes();
    if digits.first().is_none_or(|first| !first.is_ascii_digit()) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What the offsets of a listing say: the same constant for all, or nothing to rely on.
enum Learnt {
    Nothing,
    Constant(u64),
    Unreliable,
}

impl Learnt {
    fn see(&mut self, cookie: u64, pid: u32) {
        let Some(constant) = cookie.checked_sub(u64::from(pid)) else {
            *self = Self::Unreliable;
            return;
        };
        *self = match self {
            Self::Nothing => Self::Constant(constant),
            Self::Constant(known) if *known == constant => Self::Constant(constant),
            _ => Self::Unreliable,
        };
    }

    fn constant(&self) -> Option<u64> {
        match self {
            Self::Constant(constant) => Some(*constant),
            Self::Nothing | Self::Unreliable => None,
        }
    }
}

/// `"123/stat"` without an allocation.
struct PidPath {
    bytes: [u8; 48],
    length: usize,
}

impl PidPath {
    fn new(pid: u32, name: &str) -> Self {
        use std::io::Write as _;
        let mut path = Self { bytes: [0; 48], length: 0 };
        let mut rest = &mut path.bytes[..];
        // A name longer than the room would be cut and simply not be found; all names here are constants.
        let _ = write!(rest, "{pid}/{name}");
        path.length = 48 - rest.len();
        path
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
