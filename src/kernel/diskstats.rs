//! `/proc/diskstats` and `/sys/block/*/stat`: what each disk and partition did.

use serde::{Deserialize, Serialize};

use super::text;

/// The unit of the kernel's sector counters, whatever the disk's own sectors are.
const SECTOR_BYTES: u64 = 512;

/// One disk or partition, `Documentation/admin-guide/iostats.rst`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Major and minor device number.
    pub device: (u32, u32),
    /// Kernel name, `nvme0n1p2`.
    pub name: Box<[u8]>,
    /// What it did.
    pub counters: DiskCounters,
}

/// Counters since boot. Times are in milliseconds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskCounters {
    /// Reads completed.
    pub reads: Option<u64>,
    /// Reads joined with a neighbour.
    pub reads_merged: Option<u64>,
    /// Bytes read.
    pub read_bytes: Option<u64>,
    /// Time of all reads together.
    pub read_ms: Option<u64>,
    /// Writes completed.
    pub writes: Option<u64>,
    /// Writes joined with a neighbour.
    pub writes_merged: Option<u64>,
    /// Bytes written.
    pub written_bytes: Option<u64>,
    /// Time of all writes together.
    pub write_ms: Option<u64>,
    /// Requests under way now; no counter. Some drivers print a negative one for a moment.
    pub in_flight: Option<u64>,
    /// Time with at least one request under way.
    pub busy_ms: Option<u64>,
    /// That time, weighted with the number of requests under way.
    pub weighted_busy_ms: Option<u64>,
    /// Discards completed, since Linux 4.18.
    pub discards: Option<u64>,
    /// Bytes discarded, since Linux 4.18.
    pub discarded_bytes: Option<u64>,
    /// Time of all discards together, since Linux 4.18.
    pub discard_ms: Option<u64>,
    /// Flushes completed, since Linux 5.5.
    pub flushes: Option<u64>,
    /// Time of all flushes together, since Linux 5.5.
    pub flush_ms: Option<u64>,
}

/// Reads `/proc/diskstats` of kernels with 14, 18 or 20 fields.
#[must_use]
pub fn parse(bytes: &[u8]) -> Vec<Disk> {
    let disk = |line| {
        let mut fields = text::fields(line);
        let device = (fields.number()?, fields.number()?);
        let name = fields.next()?.into();
        Some(Disk { device, name, counters: counters(fields) })
    };
    text::lines(bytes).filter_map(disk).collect()
}

/// Reads `/sys/block/*/stat`, the same counters without device and name.
#[must_use]
pub fn parse_one(bytes: &[u8]) -> DiskCounters {
    counters(text::fields(bytes))
}

fn counters(mut fields: text::Fields<'_>) -> DiskCounters {
    let sectors = |count: Option<u64>| count?.checked_mul(SECTOR_BYTES).and_then(text::plausible_bytes);
    let mut next = || fields.number::<u64>();
    DiskCounters {
        reads: next(),
        reads_merged: next(),
        read_bytes: sectors(next()),
        read_ms: next(),
        writes: next(),
        writes_merged: next(),
        written_bytes: sectors(next()),
        write_ms: next(),
        in_flight: next().filter(|requests| u32::try_from(*requests).is_ok_and(|few| few <= u32::MAX / 2)),
        busy_ms: next(),
        weighted_busy_ms: next(),
        discards: next(),
        discarded_bytes: {
            next(); // discards merged
            sectors(next())
        },
        discard_ms: next(),
        flushes: next(),
        flush_ms: next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters_of_2_6() -> DiskCounters {
        DiskCounters {
            reads: Some(1),
            reads_merged: Some(2),
            read_bytes: Some(3 * 512),
            read_ms: Some(4),
            writes: Some(5),
            writes_merged: Some(6),
            written_bytes: Some(7 * 512),
            write_ms: Some(8),
            in_flight: Some(9),
            busy_ms: Some(10),
            weighted_busy_ms: Some(11),
            ..DiskCounters::default()
        }
    }

    #[test]
    fn reads_three_generations_of_lines() {
        let all = parse(
            b"   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n   8       1 sda1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n \
              259       0 nvme0n1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
        );
        let discards = DiskCounters {
            discards: Some(12),
            discarded_bytes: Some(14 * 512),
            discard_ms: Some(15),
            ..counters_of_2_6()
        };
        let flushes = DiskCounters { flushes: Some(16), flush_ms: Some(17), ..discards };
        let disk = |device, name: &[u8], counters| Disk { device, name: name.into(), counters };
        let expected = [
            disk((8, 0), b"sda", counters_of_2_6()),
            disk((8, 1), b"sda1", discards),
            disk((259, 0), b"nvme0n1", flushes),
        ];
        assert_eq!(all, expected);
        assert_eq!(parse_one(b"       1        2        3 4 5 6 7 8 9 10 11\n"), counters_of_2_6());
    }

    #[test]
    fn absurd_values_are_absent() {
        let all = parse(b"8 0 sda 1 2 18446744073709551615 4 5 6 7 8 4294967295 10 11\n8 x sdb 1\nbad\n");
        let counters = DiskCounters { read_bytes: None, in_flight: None, ..counters_of_2_6() };
        assert_eq!(all, [Disk { device: (8, 0), name: (*b"sda").into(), counters }]);
    }
}
