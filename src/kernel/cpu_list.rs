//! Lists of CPU numbers: `/sys/devices/system/cpu/online`, `Cpus_allowed_list`, cpuset(7).

use super::text;

/// The CPUs of a list like "`0-3,8,10-11`", without the ranges that cannot be read; kept as ranges, since a
/// list of a few bytes may name billions.
#[must_use]
pub fn ranges(bytes: &[u8]) -> Vec<(u32, u32)> {
    let range = |part: &[u8]| -> Option<(u32, u32)> {
        let (first, last) = text::split_at_byte(part, b'-').unwrap_or((part, part));
        let (first, last) = (text::number(first)?, text::number(last)?);
        (first <= last).then_some((first, last))
    };
    bytes.split(|byte| *byte == b',').filter_map(|part| range(part.trim_ascii())).collect()
}

/// How many CPUs a list names; overlapping ranges count once.
#[must_use]
pub fn count(bytes: &[u8]) -> u64 {
    let mut ranges = ranges(bytes);
    ranges.sort_unstable();
    let mut total = 0;
    let mut next = 0;
    for (first, last) in ranges {
        let (first, end) = (u64::from(first).max(next), u64::from(last) + 1);
        total += end.saturating_sub(first);
        next = next.max(end);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges() {
        assert_eq!(ranges(b"0-3,8,10-11\n"), [(0, 3), (8, 8), (10, 11)]);
        assert_eq!(ranges(b"\n"), []);
        assert_eq!(ranges(b"3-1,x,1-,2"), [(2, 2)]);
        assert_eq!(ranges(b"0-4294967295"), [(0, u32::MAX)]);
    }

    #[test]
    fn counts_each_cpu_once() {
        assert_eq!(count(b"0-3,8,10-11"), 7);
        assert_eq!(count(b"2-3,0-2,3"), 4);
        assert_eq!(count(b"0-4294967295"), 1 << 32);
        assert_eq!(count(b""), 0);
    }
}
