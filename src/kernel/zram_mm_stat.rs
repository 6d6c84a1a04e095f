//! `/sys/block/zram*/mm_stat`: swap that is compressed memory.

use serde::{Deserialize, Serialize};

use super::text;

/// What `mm_stat` says, `Documentation/admin-guide/blockdev/zram.rst`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZramMmStat {
    /// What is stored, uncompressed.
    pub original_bytes: Option<u64>,
    /// What is stored, compressed.
    pub compressed_bytes: Option<u64>,
    /// The memory that takes, with the allocator's losses.
    pub memory_bytes: Option<u64>,
    /// What it may take; 0 for no limit.
    pub limit_bytes: Option<u64>,
    /// The most it took so far.
    pub peak_bytes: Option<u64>,
    /// Pages of one repeated value, which take no memory.
    pub same_pages: Option<u64>,
    /// Pages freed by compaction.
    pub compacted_pages: Option<u64>,
    /// Pages that did not compress, since Linux 4.19.
    pub huge_pages: Option<u64>,
}

/// Reads `mm_stat`.
#[must_use]
pub fn parse(bytes: &[u8]) -> ZramMmStat {
    let mut fields = text::fields(bytes);
    let mut number = || fields.number().and_then(text::plausible_bytes);
    ZramMmStat {
        original_bytes: number(),
        compressed_bytes: number(),
        memory_bytes: number(),
        limit_bytes: number(),
        peak_bytes: number(),
        same_pages: number(),
        compacted_pages: number(),
        huge_pages: number(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_field_from_its_place() {
        let old = ZramMmStat {
            original_bytes: Some(1),
            compressed_bytes: Some(2),
            memory_bytes: Some(3),
            limit_bytes: Some(4),
            peak_bytes: Some(5),
            same_pages: Some(6),
            compacted_pages: Some(7),
            huge_pages: None,
        };
        assert_eq!(parse(b"       1        2        3        4        5        6        7\n"), old);
        assert_eq!(parse(b"1 2 3 4 5 6 7 8 9\n"), ZramMmStat { huge_pages: Some(8), ..old });
        assert_eq!(
            parse(b"1 -2 3"),
            ZramMmStat { original_bytes: Some(1), memory_bytes: Some(3), ..ZramMmStat::default() }
        );
    }
}
