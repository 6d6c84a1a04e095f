//! `/proc/loadavg`: the load, and the newest pid.

use serde::{Deserialize, Serialize};

use super::text;

/// What `/proc/loadavg` says, proc_loadavg(5).
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LoadAvg {
    /// Threads running or waiting for CPU or disk, averaged over 1 minute.
    pub one_minute: Option<f64>,
    /// Over 5 minutes.
    pub five_minutes: Option<f64>,
    /// Over 15 minutes.
    pub fifteen_minutes: Option<f64>,
    /// Runnable threads now.
    pub runnable: Option<u32>,
    /// Threads now.
    pub total: Option<u32>,
    /// Pid of the newest thread of this pid namespace.
    pub last_pid: Option<u32>,
}

/// Reads `/proc/loadavg`.
#[must_use]
pub fn parse(bytes: &[u8]) -> LoadAvg {
    let mut fields = text::fields(bytes);
    let mut load = || fields.next().and_then(text::decimal);
    let (one_minute, five_minutes, fifteen_minutes) = (load(), load(), load());
    let entities = fields.next().and_then(|pair| text::split_at_byte(pair, b'/'));
    LoadAvg {
        one_minute,
        five_minutes,
        fifteen_minutes,
        runnable: entities.and_then(|(runnable, _)| text::number(runnable)),
        total: entities.and_then(|(_, total)| text::number(total)),
        last_pid: fields.number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_field_from_its_place() {
        let expected = LoadAvg {
            one_minute: Some(4.31),
            five_minutes: Some(3.28),
            fifteen_minutes: Some(4.59),
            runnable: Some(2),
            total: Some(13160),
            last_pid: Some(6525),
        };
        assert_eq!(parse(b"4.31 3.28 4.59 2/13160 6525\n"), expected);
        let some = LoadAvg { five_minutes: None, runnable: None, ..expected };
        assert_eq!(parse(b"4.31 nan 4.59 -1/13160 6525"), some);
        assert_eq!(parse(b""), LoadAvg::default());
    }
}
