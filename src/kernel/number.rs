//! Files that hold one number: `sessionid`, `loginuid`, `oom_score`, `oom_score_adj`, many in `/proc/sys`.

use super::{ParseError, text};

/// The number of a file that cannot hold a negative one.
///
/// # Errors
/// The file is empty or holds something else.
pub fn unsigned<T: TryFrom<u64>>(bytes: &[u8]) -> Result<T, ParseError> {
    let text = present(bytes)?;
    text::number(text).ok_or_else(|| ParseError::not_a_number("value", text))
}

/// The number of a file that may hold a negative one.
///
/// # Errors
/// The file is empty or holds something else.
pub fn signed<T: TryFrom<i64>>(bytes: &[u8]) -> Result<T, ParseError> {
    let text = present(bytes)?;
    text::signed(text).ok_or_else(|| ParseError::not_a_number("value", text))
}

fn present(bytes: &[u8]) -> Result<&[u8], ParseError> {
    let text = bytes.trim_ascii();
    if text.is_empty() { Err(ParseError::missing("value")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_number() {
        assert_eq!(unsigned(b"4294967295"), Ok(u32::MAX));
        assert_eq!(signed(b"-1000\n"), Ok(-1000_i32));
        assert_eq!(unsigned::<u32>(b"\n").unwrap_err().to_string(), "value: missing");
        assert_eq!(unsigned::<u32>(b"-1\n").unwrap_err().to_string(), "value: not a number: \"-1\"");
        assert_eq!(signed::<i32>(b"1 2").unwrap_err().to_string(), "value: not a number: \"1 2\"");
    }
}
