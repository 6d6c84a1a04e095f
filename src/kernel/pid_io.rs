//! `/proc/[pid]/io`: what a process read and wrote. Refused for other users' processes.

use serde::{Deserialize, Serialize};

use super::text;

/// What `/proc/[pid]/io` says since the process started, its threads and reaped children included,
/// proc_pid_io(5). All in bytes but the system calls.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PidIo {
    /// Asked of read(2) and its like, from the cache or not (`rchar`).
    pub read_chars: Option<u64>,
    /// Given to write(2) and its like (`wchar`).
    pub write_chars: Option<u64>,
    /// Read system calls (`syscr`).
    pub read_syscalls: Option<u64>,
    /// Write system calls (`syscw`).
    pub write_syscalls: Option<u64>,
    /// Fetched from storage (`read_bytes`).
    pub read_bytes: Option<u64>,
    /// Sent to storage (`write_bytes`).
    pub write_bytes: Option<u64>,
    /// Counted in `write_bytes`, but dropped from the cache before it was written (`cancelled_write_bytes`).
    pub cancelled_write_bytes: Option<u64>,
}

/// Reads `io`.
#[must_use]
pub fn parse(bytes: &[u8]) -> PidIo {
    let mut io = PidIo::default();
    for (key, value) in text::lines(bytes).filter_map(text::keyed) {
        let value = text::number(value);
        match key {
            b"rchar" => io.read_chars = value,
            b"wchar" => io.write_chars = value,
            b"syscr" => io.read_syscalls = value,
            b"syscw" => io.write_syscalls = value,
            b"read_bytes" => io.read_bytes = value,
            b"write_bytes" => io.write_bytes = value,
            b"cancelled_write_bytes" => io.cancelled_write_bytes = value,
            _ => {}
        }
    }
    io
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_by_name() {
        let io = parse(
            b"rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n",
        );
        let expected = PidIo {
            read_chars: Some(1),
            write_chars: Some(2),
            read_syscalls: Some(3),
            write_syscalls: Some(4),
            read_bytes: Some(5),
            write_bytes: Some(6),
            cancelled_write_bytes: Some(7),
        };
        assert_eq!(io, expected);
    }

    #[test]
    fn absent_is_not_zero() {
        assert_eq!(parse(b""), PidIo::default());
        let io = parse(b"read_bytes: -1\r\nwrite_bytes: 6\r\n");
        assert_eq!(io, PidIo { write_bytes: Some(6), ..PidIo::default() });
    }
}
