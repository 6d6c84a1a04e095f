//! Watching a source: every operation is judged before it happens.

use rustix::io::Errno;

/// One operation of a [`Source`](super::Source), as a [`Probe`] sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation<'a> {
    /// A file is opened and read; the path is relative to the root.
    Read(&'a str),
    /// A symbolic link is read.
    Link(&'a str),
    /// A file's owner is asked for.
    Owner(&'a str),
    /// A directory is listed.
    List(&'a str),
    /// The CPU clock of a process is read.
    CpuClock(u32),
    /// The I/O priority of a process is asked for.
    IoPriority(u32),
    /// The size and fill of the file system that holds a path are asked for.
    StatFs(&'a [u8]),
    /// The addresses of all network interfaces are asked for.
    Addresses,
}

/// What a [`Probe`] makes of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It happens as it would.
    Proceed,
    /// It fails with this error and does not happen.
    Fail(Errno),
    /// It happens, but only the first bytes of the answer arrive.
    Truncate(usize),
}

/// Sees every operation of a source before it happens: counts in tests of demand, faults in tests of errors.
pub trait Probe: Send + Sync {
    /// Judges one operation.
    fn before(&self, operation: Operation<'_>) -> Verdict;
}
