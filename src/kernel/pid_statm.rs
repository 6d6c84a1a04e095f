//! `/proc/[pid]/statm`: memory in pages, cheaper than `status`.

use serde::{Deserialize, Serialize};

use super::{ParseError, text};

/// What `/proc/[pid]/statm` says, in pages, proc_pid_statm(5). All zero for kernel threads and zombies.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PidStatm {
    /// Address space.
    pub size_pages: u64,
    /// Resident set: anonymous, file and shared memory pages.
    pub resident_pages: u64,
    /// Resident pages backed by a file or shared memory (`RssFile` + `RssShmem`).
    pub shared_pages: u64,
    /// Program text.
    pub text_pages: u64,
    /// Data and stack.
    pub data_pages: u64,
}

/// Reads `statm`.
///
/// # Errors
/// Names the first field that is missing, malformed or absurd.
pub fn parse(bytes: &[u8]) -> Result<PidStatm, ParseError> {
    let mut fields = text::fields(bytes);
    Ok(PidStatm {
        size_pages: pages(&mut fields, "size")?,
        resident_pages: pages(&mut fields, "resident")?,
        shared_pages: pages(&mut fields, "shared")?,
        text_pages: pages(&mut fields, "text")?,
        data_pages: {
            fields.next(); // lib, unused since Linux 2.6
            pages(&mut fields, "data")?
        },
    })
}

fn pages(fields: &mut text::Fields<'_>, field: &'static str) -> Result<u64, ParseError> {
    let text = fields.next().ok_or(ParseError::missing(field))?;
    // A page has at least 2¹² bytes, so the limit of byte counts catches underflows here too.
    text::number(text).and_then(text::plausible_bytes).ok_or_else(|| ParseError::not_a_number(field, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_field_from_its_place() {
        let expected = PidStatm {
            size_pages: 4688,
            resident_pages: 3049,
            shared_pages: 948,
            text_pages: 1,
            data_pages: 2462,
        };
        assert_eq!(parse(b"4688 3049 948 1 0 2462 0\n"), Ok(expected));
        assert_eq!(parse(b"0 0 0 0 0 0 0\n"), Ok(PidStatm::default()));
    }

    #[test]
    fn errors_name_the_field() {
        let error = |line: &[u8]| parse(line).unwrap_err().to_string();
        assert_eq!(error(b""), "size: missing");
        assert_eq!(error(b"1 -2 3 4 5 6"), "resident: not a number: \"-2\"");
        assert_eq!(
            error(b"1 18446744073709551615 3 4 5 6"),
            "resident: not a number: \"18446744073709551615\""
        );
        assert_eq!(error(b"1 2 3 4 5"), "data: missing");
    }
}
