//! `/proc/swaps`: swap areas.

use serde::{Deserialize, Serialize};

use super::mountinfo::unescape;
use super::text;

/// One swap area, proc_swaps(5).
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Device or file.
    pub path: Box<[u8]>,
    /// "partition" or "file".
    pub kind: Box<[u8]>,
    /// Its size.
    pub size_bytes: Option<u64>,
    /// What is in use.
    pub used_bytes: Option<u64>,
    /// The highest is used first.
    pub priority: Option<i32>,
}

/// Reads `/proc/swaps`, whose first line is a heading.
#[must_use]
pub fn parse(bytes: &[u8]) -> Vec<Swap> {
    let kibibytes = |count: Option<u64>| count?.checked_mul(1024).and_then(text::plausible_bytes);
    let swap = |line| {
        let mut fields = text::fields(line);
        let path = fields.next()?;
        if path == b"Filename" {
            return None;
        }
        let path = unescape(path).into();
        let kind = fields.next()?.into();
        let size_bytes = kibibytes(fields.number());
        let used_bytes = kibibytes(fields.number());
        let priority = fields.next().and_then(text::signed);
        Some(Swap { path, kind, size_bytes, used_bytes, priority })
    };
    text::lines(bytes).filter_map(swap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_areas() {
        let swaps = parse(
            b"Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n\
              /dev/zram0                              partition\t8388604\t\t1024\t\t100\n\
              /swap\\040file file\t-1\t18446744073709551612\t-2\n",
        );
        let zram = Swap {
            path: (*b"/dev/zram0").into(),
            kind: (*b"partition").into(),
            size_bytes: Some(8_388_604 * 1024),
            used_bytes: Some(1024 * 1024),
            priority: Some(100),
        };
        let file = Swap {
            path: (*b"/swap file").into(),
            kind: (*b"file").into(),
            size_bytes: None,
            used_bytes: None,
            priority: Some(-2),
        };
        assert_eq!(swaps, [zram, file]);
        assert_eq!(parse(b"Filename Type Size Used Priority\n"), []);
    }
}
