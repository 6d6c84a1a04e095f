//! The signals of Linux, by name and number: signal(7).

use std::fmt;

use rustix::process::Signal as Raw;
use rustix_libc_wrappers::process::SignalExt;
use serde::{Deserialize, Serialize};

/// A signal that can be sent: one of [`SIGNALS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Signal(u8);

/// What is known about a signal.
#[derive(Debug, PartialEq, Eq)]
pub struct SignalInfo {
    /// The signal.
    pub signal: Signal,
    /// Its name with `SIG`, as `kill -l` lists it.
    pub name: &'static str,
    /// What it is for, in a few words; empty for real-time signals, whose meaning is each program's own.
    pub meaning: &'static str,
}

impl Signal {
    /// Asks a process to end; it may clean up first, or refuse.
    pub const TERM: Self = Self::standard(Raw::TERM);
    /// Ends a process at once; it cannot refuse.
    pub const KILL: Self = Self::standard(Raw::KILL);
    /// Stops a process until it is continued; it cannot refuse.
    pub const STOP: Self = Self::standard(Raw::STOP);
    /// Lets a stopped process run on.
    pub const CONT: Self = Self::standard(Raw::CONT);

    const fn standard(signal: Raw) -> Self {
        // Standard signals are 1 to 31.
        Self(signal.as_raw() as u8)
    }

    /// The signal with this number, if there is one that may be sent: 32 and 33 are kept by the C library
    /// for its threads and are not among them.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        SIGNALS.iter().map(|info| info.signal).find(|signal| signal.0 == number)
    }

    /// The signal with this name, with or without `SIG`, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let is_it = |info: &&SignalInfo| {
            info.name.eq_ignore_ascii_case(name)
                || info.name.strip_prefix("SIG").is_some_and(|short| short.eq_ignore_ascii_case(name))
        };
        SIGNALS.iter().find(is_it).map(|info| info.signal)
    }

    /// The number that `kill -NUMBER` takes.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// The name, as in [`SignalInfo::name`].
    #[must_use]
    pub fn name(self) -> &'static str {
        SIGNALS.iter().find(|info| info.signal == self).map_or("signal", |info| info.name)
    }

    /// The signal as system calls take it; `None` where this C library keeps its number for itself
    /// (musl keeps 34 too).
    pub(super) fn raw(self) -> Option<Raw> {
        Raw::from_raw(i32::from(self.0))
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Signal> for u8 {
    fn from(signal: Signal) -> Self {
        signal.0
    }
}

impl TryFrom<u8> for Signal {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::from_number(number).ok_or_else(|| format!("no signal has the number {number}"))
    }
}

const fn standard(signal: Raw, name: &'static str, meaning: &'static str) -> SignalInfo {
    SignalInfo { signal: Signal::standard(signal), name, meaning }
}

const fn real_time(number: u8, name: &'static str) -> SignalInfo {
    SignalInfo { signal: Signal(number), name, meaning: "" }
}

/// Every signal that can be sent, by number: the 31 standard ones and the real-time ones that the C library
/// leaves to programs.
pub static SIGNALS: &[SignalInfo] = &[
    standard(Raw::HUP, "SIGHUP", "Terminal closed, or reload settings"),
    standard(Raw::INT, "SIGINT", "Interrupt from the keyboard"),
    standard(Raw::QUIT, "SIGQUIT", "Quit from the keyboard, with a core dump"),
    standard(Raw::ILL, "SIGILL", "Illegal instruction"),
    standard(Raw::TRAP, "SIGTRAP", "Trace or breakpoint trap"),
    standard(Raw::ABORT, "SIGABRT", "Abort, with a core dump"),
    standard(Raw::BUS, "SIGBUS", "Bus error: bad memory access"),
    standard(Raw::FPE, "SIGFPE", "Arithmetic error"),
    standard(Raw::KILL, "SIGKILL", "End at once"),
    standard(Raw::USR1, "SIGUSR1", "User-defined 1"),
    standard(Raw::SEGV, "SIGSEGV", "Invalid memory reference"),
    standard(Raw::USR2, "SIGUSR2", "User-defined 2"),
    standard(Raw::PIPE, "SIGPIPE", "Pipe without a reader"),
    standard(Raw::ALARM, "SIGALRM", "Timer"),
    standard(Raw::TERM, "SIGTERM", "Ask to end"),
    standard(Raw::STKFLT, "SIGSTKFLT", "Coprocessor stack fault (unused)"),
    standard(Raw::CHILD, "SIGCHLD", "Child stopped or ended"),
    standard(Raw::CONT, "SIGCONT", "Continue"),
    standard(Raw::STOP, "SIGSTOP", "Stop"),
    standard(Raw::TSTP, "SIGTSTP", "Stop from the terminal"),
    standard(Raw::TTIN, "SIGTTIN", "Background process reads from the terminal"),
    standard(Raw::TTOU, "SIGTTOU", "Background process writes to the terminal"),
    standard(Raw::URG, "SIGURG", "Urgent data on a socket"),
    standard(Raw::XCPU, "SIGXCPU", "CPU time limit exceeded"),
    standard(Raw::XFSZ, "SIGXFSZ", "File size limit exceeded"),
    standard(Raw::VTALARM, "SIGVTALRM", "Virtual timer"),
    standard(Raw::PROF, "SIGPROF", "Profiling timer"),
    standard(Raw::WINCH, "SIGWINCH", "Terminal window resized"),
    standard(Raw::IO, "SIGIO", "Input or output possible"),
    standard(Raw::POWER, "SIGPWR", "Power failure"),
    standard(Raw::SYS, "SIGSYS", "Bad system call"),
    real_time(34, "SIGRTMIN"),
    real_time(35, "SIGRTMIN+1"),
    real_time(36, "SIGRTMIN+2"),
    real_time(37, "SIGRTMIN+3"),
    real_time(38, "SIGRTMIN+4"),
    real_time(39, "SIGRTMIN+5"),
    real_time(40, "SIGRTMIN+6"),
    real_time(41, "SIGRTMIN+7"),
    real_time(42, "SIGRTMIN+8"),
    real_time(43, "SIGRTMIN+9"),
    real_time(44, "SIGRTMIN+10"),
    real_time(45, "SIGRTMIN+11"),
    real_time(46, "SIGRTMIN+12"),
    real_time(47, "SIGRTMIN+13"),
    real_time(48, "SIGRTMIN+14"),
    real_time(49, "SIGRTMIN+15"),
    real_time(50, "SIGRTMAX-14"),
    real_time(51, "SIGRTMAX-13"),
    real_time(52, "SIGRTMAX-12"),
    real_time(53, "SIGRTMAX-11"),
    real_time(54, "SIGRTMAX-10"),
    real_time(55, "SIGRTMAX-9"),
    real_time(56, "SIGRTMAX-8"),
    real_time(57, "SIGRTMAX-7"),
    real_time(58, "SIGRTMAX-6"),
    real_time(59, "SIGRTMAX-5"),
    real_time(60, "SIGRTMAX-4"),
    real_time(61, "SIGRTMAX-3"),
    real_time(62, "SIGRTMAX-2"),
    real_time(63, "SIGRTMAX-1"),
    real_time(64, "SIGRTMAX"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test that meets the unexpected must stop there
mod tests {
    use super::*;

    #[test]
    fn every_signal_is_listed_once_in_order_and_can_be_sent() {
        assert_eq!(SIGNALS.len(), 31 + 31);
        let mut names = std::collections::HashSet::new();
        for pair in SIGNALS.windows(2) {
            assert!(pair[0].signal < pair[1].signal, "{} before {}", pair[0].name, pair[1].name);
        }
        for info in SIGNALS {
            assert!(names.insert(info.name), "{} twice", info.name);
            assert_eq!(Signal::from_number(info.signal.number()), Some(info.signal));
            assert_eq!(info.signal.name(), info.name);
            #[cfg(target_env = "gnu")]
            assert_eq!(info.signal.raw().map(Raw::as_raw), Some(i32::from(info.signal.number())));
        }
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        for name in ["SIGTERM", "TERM", "term", "sigTerm"] {
            assert_eq!(Signal::from_name(name), Some(Signal::TERM), "{name}");
        }
        assert_eq!(Signal::from_name("RTMIN+3").map(Signal::number), Some(37));
        for name in ["", "SIG", "15", "TERMX", "SIGSIGTERM"] {
            assert_eq!(Signal::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn numbers_that_are_no_signal_are_refused_on_the_wire_too() {
        for number in [0, 32, 33, 65, 255] {
            assert_eq!(Signal::from_number(number), None, "{number}");
            assert!(serde_json::from_str::<Signal>(&number.to_string()).is_err(), "{number}");
        }
        assert_eq!(serde_json::from_str::<Signal>("9").unwrap(), Signal::KILL);
        assert_eq!(serde_json::to_string(&Signal::KILL).unwrap(), "9");
    }

    /// The shell's own list, which nobody here wrote.
    #[test]
    fn names_and_numbers_agree_with_the_shell() {
        let listed = std::process::Command::new("bash").args(["-c", "kill -l"]).output();
        let Ok(listed) = listed else {
            eprintln!("skipped: no bash to ask");
            return;
        };
        let listed = String::from_utf8(listed.stdout).unwrap();
        let words: Vec<&str> = listed.split_whitespace().collect();
        let theirs: Vec<(String, &str)> =
            words.chunks(2).map(|pair| (pair[0].trim_end_matches(')').to_owned(), pair[1])).collect();
        let ours: Vec<(String, &str)> =
            SIGNALS.iter().map(|info| (info.signal.number().to_string(), info.name)).collect();
        assert_eq!(ours, theirs);
    }
}
