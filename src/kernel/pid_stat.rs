//! `/proc/[pid]/stat` and `/proc/[pid]/task/[tid]/stat`: the one file read for every process that moved.
//!
//! This is the hot path: one pass over the line, nothing allocated, and the fields that Gnomon does not show
//! (addresses, signal masks) are stepped over without being understood.

use std::slice;

use serde::Serialize;

use super::{ParseError, text};

/// Flag of a kernel thread in [`PidStat::flags`]: `PF_KTHREAD`, `include/linux/sched.h`.
pub const PF_KTHREAD: u32 = 0x0020_0000;

/// What `/proc/[pid]/stat` says, proc_pid_stat(5). Numbers in brackets are that page's field numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PidStat<'a> {
    /// Process or thread id (1).
    pub pid: u32,
    /// Command name (2), raw: may hold newlines, parentheses and invalid UTF-8, and may be empty.
    pub comm: &'a [u8],
    /// State letter (3): `R`, `S`, `D`, `Z`, `T`, `t`, `X`, `I`…
    pub state: u8,
    /// Parent's pid (4); 0 for the first process, kernel threads' root, and a parent outside this namespace.
    pub parent: u32,
    /// Process group (5); −1 while a zombie is being reaped.
    pub process_group: i32,
    /// Session (6); −1 while a zombie is being reaped.
    pub session: i32,
    /// Controlling terminal as a device number (7); 0 for none.
    pub tty: i32,
    /// Foreground process group of that terminal (8); −1 for none.
    pub foreground_group: i32,
    /// `PF_*` flags (9).
    pub flags: u32,
    /// Faults served without the disk (10), since the start.
    pub minor_faults: u64,
    /// Faults that had to wait for the disk (12), since the start.
    pub major_faults: u64,
    /// CPU time in user mode (14), in clock ticks, guest time included.
    pub user_ticks: u64,
    /// CPU time in the kernel (15), in clock ticks.
    pub system_ticks: u64,
    /// Priority (18): 0..39 is nice + 20, negative is −1 − real-time priority.
    pub priority: i32,
    /// Nice value (19): 19 (low) to −20 (high).
    pub nice: i32,
    /// Threads (20).
    pub threads: u32,
    /// Start time (22), in clock ticks after boot.
    pub start_ticks: u64,
    /// Address space (23), in bytes.
    pub virtual_bytes: Option<u64>,
    /// Resident pages (24); less exact than `smaps_rollup`. Some kernels print a negative count for a moment.
    pub rss_pages: Option<u64>,
    /// CPU it last ran on (39), since Linux 2.2.8.
    pub processor: Option<u32>,
    /// Real-time priority (40): 0 for the normal policies, else 1 to 99. Since Linux 2.5.19.
    pub rt_priority: Option<u32>,
    /// Scheduling policy (41), `SCHED_*`. Since Linux 2.5.19.
    pub policy: Option<u32>,
    /// Time waited for block I/O (42), in clock ticks; 0 where delay accounting is off. Since Linux 2.6.18.
    pub io_delay_ticks: Option<u64>,
}

impl PidStat<'_> {
    /// Whether this is a kernel thread. Only the flag says so; a name in brackets can be anybody's.
    #[must_use]
    pub fn is_kernel_thread(&self) -> bool {
        self.flags & PF_KTHREAD != 0
    }
}

/// Reads one `stat` line.
///
/// # Errors
/// Names the first of the fields 1 to 22 that is missing or malformed; what follows them is optional.
pub fn parse(bytes: &[u8]) -> Result<PidStat<'_>, ParseError> {
    // comm may hold ')' and "(": it ends at the last one, since only numbers follow. proc_pid_stat(5)
    let (pid, rest) = text::split_at_byte(bytes, b'(').ok_or(ParseError::missing("(2) comm"))?;
    let (comm, numbers) = text::split_at_last_byte(rest, b')').ok_or(ParseError::missing("(2) comm"))?;
    let pid = Cursor::new(pid).required("(1) pid")?;

    let mut cursor = Cursor::new(numbers);
    let state = cursor.state()?;
    let parent = cursor.required("(4) ppid")?;
    let process_group = cursor.required("(5) pgrp")?;
    let session = cursor.required("(6) session")?;
    let tty = cursor.required("(7) tty_nr")?;
    let foreground_group = cursor.required("(8) tpgid")?;
    let flags = cursor.required("(9) flags")?;
    let minor_faults = cursor.required("(10) minflt")?;
    cursor.skip(1); // (11) cminflt
    let major_faults = cursor.required("(12) majflt")?;
    cursor.skip(1); // (13) cmajflt
    let user_ticks = cursor.required("(14) utime")?;
    let system_ticks = cursor.required("(15) stime")?;
    cursor.skip(2); // (16) cutime, (17) cstime
    let priority = cursor.required("(18) priority")?;
    let nice = cursor.required("(19) nice")?;
    let threads = cursor.required("(20) num_threads")?;
    cursor.skip(1); // (21) itrealvalue, always 0
    let start_ticks = cursor.required("(22) starttime")?;
    let virtual_bytes = cursor.optional().and_then(text::plausible_bytes);
    // A page has at least 2¹² bytes, so the same limit catches an underflow printed as unsigned.
    let rss_pages = cursor.optional().and_then(text::plausible_bytes);
    cursor.skip(14); // (25) rsslim to (38) exit_signal
    let processor = cursor.optional();
    let rt_priority = cursor.optional();
    let policy = cursor.optional();
    let io_delay_ticks = cursor.optional();

    Ok(PidStat {
        pid,
        comm,
        state,
        parent,
        process_group,
        session,
        tty,
        foreground_group,
        flags,
        minor_faults,
        major_faults,
        user_ticks,
        system_ticks,
        priority,
        nice,
        threads,
        start_ticks,
        virtual_bytes,
        rss_pages,
        processor,
        rt_priority,
        policy,
        io_delay_ticks,
    })
}

/// Reads numbers while it walks over them, so that no byte is looked at twice.
struct Cursor<'a> {
    bytes: slice::Iter<'a, u8>,
}

impl<'a> Cursor<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// The state letter.
    fn state(&mut self) -> Result<u8, ParseError> {
        let field = text::fields(self.bytes.as_slice()).next();
        let letter = field.and_then(|field| field.first().copied());
        self.skip(1);
        letter.ok_or(ParseError::missing("(3) state"))
    }

    /// Steps over `count` fields.
    fn skip(&mut self, count: u32) {
        for _ in 0..count {
            self.skip_blanks();
            self.bytes.by_ref().find(|byte| byte.is_ascii_whitespace());
        }
    }

    fn skip_blanks(&mut self) {
        self.bytes = self.bytes.as_slice().trim_ascii_start().iter();
    }

    fn required<T: TryFrom<i128>>(&mut self, field: &'static str) -> Result<T, ParseError> {
        self.skip_blanks();
        let before = self.bytes.as_slice();
        self.number().and_then(|value| T::try_from(value).ok()).ok_or_else(|| {
            match text::fields(before).next() {
                Some(text) => ParseError::not_a_number(field, text),
                None => ParseError::missing(field),
            }
        })
    }

    fn optional<T: TryFrom<i128>>(&mut self) -> Option<T> {
        self.skip_blanks();
        self.number().and_then(|value| T::try_from(value).ok())
    }

    /// The number at the cursor, which then stands behind it; `None`, and behind the field, for other text.
    fn number(&mut self) -> Option<i128> {
        let negative = self.bytes.as_slice().first() == Some(&b'-');
        if negative {
            self.bytes.next();
        }
        let mut value: u64 = 0;
        let mut any = false;
        let mut sound = true;
        for &byte in self.bytes.by_ref() {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                any = true;
                match value.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit))) {
                    Some(next) => value = next,
                    None => sound = false,
                }
            } else if byte.is_ascii_whitespace() {
                break;
            } else {
                sound = false;
            }
        }
        let value = i128::from(value);
        (any && sound).then_some(if negative { -value } else { value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] =
        b"42 (cat) R 7 42 41 34816 42 4194304 100 1 5 2 30 12 3 4 20 -5 2 9 12345 8192000 250 \
        18446744073709551615 1 2 3 0 0 0 0 0 0 0 0 0 17 3 50 1 77 0 0 4 5 6 7 8 9 10 0\n";

    #[test]
    fn reads_every_field_from_its_place() {
        let expected = PidStat {
            pid: 42,
            comm: b"cat",
            state: b'R',
            parent: 7,
            process_group: 42,
            session: 41,
            tty: 34816,
            foreground_group: 42,
            flags: 4_194_304,
            minor_faults: 100,
            major_faults: 5,
            user_ticks: 30,
            system_ticks: 12,
            priority: 20,
            nice: -5,
            threads: 2,
            start_ticks: 12345,
            virtual_bytes: Some(8_192_000),
            rss_pages: Some(250),
            processor: Some(3),
            rt_priority: Some(50),
            policy: Some(1),
            io_delay_ticks: Some(77),
        };
        assert_eq!(parse(LINE), Ok(expected));
        assert!(!expected.is_kernel_thread());
        assert!(PidStat { flags: 0x0020_8040, ..expected }.is_kernel_thread());
    }

    #[test]
    fn comm_ends_at_the_last_parenthesis() {
        for comm in [&b""[..], b") R 1 (x", b"a\nState:\tZ", b"\xff\xfe(", b")))"] {
            let line = [b"42 (", comm, b") R 7", LINE.strip_prefix(b"42 (cat) R 7").unwrap()].concat();
            let stat = parse(&line).unwrap();
            assert_eq!((stat.comm, stat.parent, stat.start_ticks), (comm, 7, 12345));
        }
    }

    #[test]
    fn a_line_of_linux_2_6_32_ends_at_field_44() {
        let line = b"1 (init) S 0 1 1 0 -1 4202752 1 2 3 4 5 6 7 8 20 0 1 0 9 10 11 12 13 14 15 16 17 0 0 \
            671173123 18446744071580468217 0 0 0 17 1 0 0 21 0 0";
        let stat = parse(line).unwrap();
        assert_eq!((stat.io_delay_ticks, stat.policy), (Some(21), Some(0)));
    }

    #[test]
    fn short_lines_lose_only_what_is_not_there() {
        let line = b"1 (init) S 0 1 1 0 -1 4202752 1 2 3 4 5 6 7 8 20 0 1 0 9";
        let stat = parse(line).unwrap();
        assert_eq!((stat.start_ticks, stat.virtual_bytes, stat.io_delay_ticks), (9, None, None));
        let cut = line.strip_suffix(b" 9").unwrap();
        assert_eq!(parse(cut).unwrap_err().to_string(), "(22) starttime: missing");
    }

    #[test]
    fn negative_and_absurd_memory_is_absent() {
        let text = String::from_utf8(LINE.to_vec()).unwrap();
        let stat = text.replace(" 8192000 250 ", " -1 -3 ");
        let stat = parse(stat.as_bytes()).unwrap();
        assert_eq!((stat.virtual_bytes, stat.rss_pages, stat.io_delay_ticks), (None, None, Some(77)));
        let stat = text.replace(" 8192000 250 ", " 18446744073709547520 18446744073709551613 ");
        let stat = parse(stat.as_bytes()).unwrap();
        assert_eq!((stat.virtual_bytes, stat.rss_pages, stat.io_delay_ticks), (None, None, Some(77)));
    }

    #[test]
    fn errors_name_the_field_and_the_text() {
        let error = |line: &[u8]| parse(line).unwrap_err().to_string();
        assert_eq!(error(b""), "(2) comm: missing");
        assert_eq!(error(b"42 (cat R 7"), "(2) comm: missing");
        assert_eq!(error(b"x (cat) R 7"), "(1) pid: not a number: \"x\"");
        assert_eq!(error(b"42 (cat)"), "(3) state: missing");
        assert_eq!(error(b"42 (cat) R 7a 1"), "(4) ppid: not a number: \"7a\"");
        assert_eq!(error(b"42 (cat) R -7 1"), "(4) ppid: not a number: \"-7\"");
        assert_eq!(error(b"42 (cat) R 7 99999999999"), "(5) pgrp: not a number: \"99999999999\"");
    }
}
