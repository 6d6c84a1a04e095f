//! `/proc/uptime`: how long the machine has been up.

use serde::{Deserialize, Serialize};

use super::text;

/// What `/proc/uptime` says, proc_uptime(5).
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Uptime {
    /// Since boot, suspended time included.
    pub uptime_secs: Option<f64>,
    /// Time all CPUs together spent idle.
    pub idle_secs: Option<f64>,
}

/// Reads `/proc/uptime`.
#[must_use]
pub fn parse(bytes: &[u8]) -> Uptime {
    let mut fields = text::fields(bytes);
    let mut secs = || fields.next().and_then(text::decimal);
    Uptime { uptime_secs: secs(), idle_secs: secs() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_numbers() {
        let expected = Uptime { uptime_secs: Some(3045.83), idle_secs: Some(3058.18) };
        assert_eq!(parse(b"3045.83 3058.18\n"), expected);
        assert_eq!(parse(b"-1 3058.18\n"), Uptime { uptime_secs: None, ..expected });
        assert_eq!(parse(b""), Uptime::default());
    }
}
