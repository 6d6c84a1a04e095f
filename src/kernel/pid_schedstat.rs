//! `/proc/[pid]/schedstat`: how long a thread ran and how long it waited for a CPU.

use serde::Serialize;

use super::{ParseError, text};

/// What `/proc/[pid]/schedstat` says of the main thread, `Documentation/scheduler/sched-stats.rst`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PidSchedstat {
    /// Time on a CPU, in nanoseconds.
    pub run_ns: u64,
    /// Time runnable but not running, in nanoseconds.
    pub wait_ns: u64,
    /// Times it was put on a CPU.
    pub timeslices: u64,
}

/// Reads `schedstat`.
///
/// # Errors
/// Names the first field that is missing or malformed.
pub fn parse(bytes: &[u8]) -> Result<PidSchedstat, ParseError> {
    let mut fields = text::fields(bytes);
    Ok(PidSchedstat {
        run_ns: fields.required("run time")?,
        wait_ns: fields.required("wait time")?,
        timeslices: fields.required("timeslices")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_three_numbers() {
        let expected = PidSchedstat { run_ns: 835_773, wait_ns: 353_240, timeslices: 1 };
        assert_eq!(parse(b"835773 353240 1\n"), Ok(expected));
        assert_eq!(parse(b"1 2\n").unwrap_err().to_string(), "timeslices: missing");
        assert_eq!(parse(b"1 x 2\n").unwrap_err().to_string(), "wait time: not a number: \"x\"");
    }
}
