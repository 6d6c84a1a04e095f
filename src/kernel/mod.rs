//! One module per kernel file: bytes in, facts out.
//!
//! Nothing here opens a file, knows a path or keeps a state, so a captured machine is as good an input as
//! the running one. Every parser takes `&[u8]`, because names, arguments and paths are bytes to the kernel.
//!
//! * A value that is missing, malformed or absurd is `None`; it never costs the other values of its file.
//! * An error is returned only where nothing useful is left (a `stat` line without its `)`), and names the
//!   field and the offending text; whoever opened the file adds the path.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "a test that meets the unexpected must stop there and say where"
    )
)]

use std::fmt;

pub mod attr_current;
pub mod cpu_list;
pub mod cpuinfo;
pub mod diskstats;
pub mod hwmon;
pub mod if_inet6;
pub mod key_value;
pub mod loadavg;
pub mod meminfo;
pub mod mountinfo;
pub mod net_dev;
pub mod number;
pub mod passwd;
pub mod pid_cgroup;
pub mod pid_cmdline;
pub mod pid_io;
pub mod pid_limits;
pub mod pid_ns_link;
pub mod pid_schedstat;
pub mod pid_smaps;
pub mod pid_stat;
pub mod pid_statm;
pub mod pid_status;
pub mod pid_wchan;
pub mod pressure;
pub mod stat;
pub mod swaps;
pub mod sysfs;
mod text;
pub mod uptime;
pub mod vmstat;
pub mod zram_mm_stat;

/// Why a kernel file could not be understood: the field and the text that stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    field: &'static str,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Missing,
    NotANumber(Box<str>),
}

impl ParseError {
    /// The field is not there.
    #[must_use]
    pub fn missing(field: &'static str) -> Self {
        Self { field, problem: Problem::Missing }
    }

    /// The field holds something that is not a number; at most 40 bytes of it are kept.
    #[must_use]
    pub fn not_a_number(field: &'static str, text: &[u8]) -> Self {
        let shown = text.get(..40).unwrap_or(text).escape_ascii().to_string();
        Self { field, problem: Problem::NotANumber(shown.into()) }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Missing => write!(f, "{}: missing", self.field),
            Problem::NotANumber(text) => write!(f, "{}: not a number: \"{text}\"", self.field),
        }
    }
}

impl std::error::Error for ParseError {}
