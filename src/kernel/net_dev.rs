//! `/proc/net/dev`: traffic of each network interface.

use serde::{Deserialize, Serialize};

use super::text;

/// One interface with its counters since it came up, proc_pid_net(5). On 32-bit kernels they wrap at 2³².
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetDev {
    /// Its name, at most 15 bytes.
    pub name: Box<[u8]>,
    /// What came in.
    pub received: Traffic,
    /// What went out.
    pub sent: Traffic,
}

/// One direction of an interface.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Bytes.
    pub bytes: Option<u64>,
    /// Packets.
    pub packets: Option<u64>,
    /// Packets lost to errors.
    pub errors: Option<u64>,
    /// Packets dropped for want of room.
    pub dropped: Option<u64>,
}

/// Reads `/proc/net/dev`, whose first two lines are headings.
#[must_use]
pub fn parse(bytes: &[u8]) -> Vec<NetDev> {
    let interface = |line| {
        // Old kernels print "eth0:123" without a space; names of old kernels may hold a colon, counters never.
        let (name, counters) = text::split_at_last_byte(line, b':')?;
        let mut fields = text::fields(counters);
        let received = traffic(&mut fields);
        // fifo, frame, compressed, multicast
        fields.nth(3);
        let sent = traffic(&mut fields);
        Some(NetDev { name: name.trim_ascii().into(), received, sent })
    };
    text::lines(bytes).filter_map(interface).collect()
}

fn traffic(fields: &mut text::Fields<'_>) -> Traffic {
    Traffic {
        bytes: fields.number(),
        packets: fields.number(),
        errors: fields.number(),
        dropped: fields.number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_interfaces_with_and_without_space() {
        let all = parse(
            b"Inter-|   Receive                                                |  Transmit\n \
              face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop\n    \
              lo:    3393      33    0    1    0     0          0         0     3394      34    2    3    0     0\n\
              eth0:123 -1 3\nwlan0:1:9 2\n",
        );
        let lo = NetDev {
            name: (*b"lo").into(),
            received: Traffic { bytes: Some(3393), packets: Some(33), errors: Some(0), dropped: Some(1) },
            sent: Traffic { bytes: Some(3394), packets: Some(34), errors: Some(2), dropped: Some(3) },
        };
        let eth = NetDev {
            name: (*b"eth0").into(),
            received: Traffic { bytes: Some(123), errors: Some(3), ..Traffic::default() },
            sent: Traffic::default(),
        };
        let alias = NetDev {
            name: (*b"wlan0:1").into(),
            received: Traffic { bytes: Some(9), packets: Some(2), ..Traffic::default() },
            sent: Traffic::default(),
        };
        assert_eq!(all, [lo, eth, alias]);
        assert_eq!(parse(b""), []);
    }
}
