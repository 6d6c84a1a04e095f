//! What every parser needs: lines, fields and numbers of byte strings.
//!
//! Lines keep every byte but the newline, because names and paths may hold a carriage return; fields are
//! separated by any ASCII whitespace, so a file that went through a DOS editor still parses.

use super::ParseError;

/// Byte counts above this are underflows printed as unsigned ("`SwapFree`: 2⁶⁴−ε"), not sizes: no machine
/// addresses four exbibytes.
const PLAUSIBLE_BYTES: u64 = 1 << 62;

/// The lines of a file, without their newline; no empty line for the newline at the end.
pub fn lines(bytes: &[u8]) -> Lines<'_> {
    Lines { rest: bytes }
}

/// See [`lines`].
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = split_at_byte(self.rest, b'\n').unwrap_or((self.rest, &[]));
        self.rest = rest;
        Some(line)
    }
}

/// What stands before and after the first `byte`.
pub fn split_at_byte(bytes: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(byte, bytes)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

/// What stands before and after the last `byte`.
pub fn split_at_last_byte(bytes: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memrchr(byte, bytes)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

/// The whitespace-separated fields of a line; none is empty.
pub fn fields(line: &[u8]) -> Fields<'_> {
    Fields { rest: line }
}

/// See [`fields`].
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The text behind the last field that was handed out.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next field as a number; `None` where it is missing or malformed.
    pub fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        number(self.next()?)
    }

    /// The next field as a number that this file cannot do without.
    ///
    /// # Errors
    /// Names `field` where it is missing or not a number.
    pub fn required<T: TryFrom<u64>>(&mut self, field: &'static str) -> Result<T, ParseError> {
        let text = self.next().ok_or_else(|| ParseError::missing(field))?;
        number(text).ok_or_else(|| ParseError::not_a_number(field, text))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let trimmed = self.rest.trim_ascii_start();
        if trimmed.is_empty() {
            self.rest = trimmed;
            return None;
        }
        let end = trimmed.iter().position(u8::is_ascii_whitespace).unwrap_or(trimmed.len());
        let (field, rest) = trimmed.split_at_checked(end)?;
        self.rest = rest;
        Some(field)
    }
}

/// `Key: value` as key and value, both without surrounding whitespace.
pub fn keyed(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, value) = split_at_byte(line, b':')?;
    Some((key.trim_ascii(), value.trim_ascii()))
}

/// A decimal number, digits only; `None` on anything else and where it does not fit.
pub fn number<T: TryFrom<u64>>(text: &[u8]) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let mut value: u64 = 0;
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    T::try_from(value).ok()
}

/// A decimal number that may have a sign.
pub fn signed<T: TryFrom<i64>>(text: &[u8]) -> Option<T> {
    let value = match text.split_first() {
        Some((b'-', digits)) => 0_i64.checked_sub_unsigned(number::<u64>(digits)?)?,
        _ => number(text)?,
    };
    T::try_from(value).ok()
}

/// A hexadecimal number without prefix.
pub fn hexadecimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let mut value: u64 = 0;
    for &byte in text {
        let digit = char::from(byte).to_digit(16)?;
        value = value.checked_mul(16)?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// An octal number without prefix.
pub fn octal(text: &[u8]) -> Option<u32> {
    let mut value: u32 = 0;
    for &byte in text {
        let digit = char::from(byte).to_digit(8)?;
        value = value.checked_mul(8)?.checked_add(digit)?;
    }
    (!text.is_empty()).then_some(value)
}

/// A number with decimals, as the kernel prints loads and percentages: digits and one point, no sign, no
/// exponent, no "nan".
pub fn decimal(text: &[u8]) -> Option<f64> {
    let digit = text.first()?.is_ascii_digit();
    if !digit || !text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok().filter(|value: &f64| value.is_finite())
}

/// "`123 kB`" in bytes; `None` for another unit and for an absurd size.
pub fn kibibytes(value: &[u8]) -> Option<u64> {
    let mut fields = fields(value);
    let count: u64 = fields.number()?;
    if fields.next() != Some(b"kB") {
        return None;
    }
    plausible_bytes(count.checked_mul(1024)?)
}

/// A byte count, unless it is an underflow printed as unsigned.
pub fn plausible_bytes(bytes: u64) -> Option<u64> {
    (bytes < PLAUSIBLE_BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_every_byte_but_the_newline() {
        let all: Vec<_> = lines(b"a\r\n\n b\nlast").collect();
        assert_eq!(all, [&b"a\r"[..], b"", b" b", b"last"]);
        assert_eq!(lines(b"").count(), 0);
        assert_eq!(lines(b"one\n").count(), 1);
    }

    #[test]
    fn fields_are_never_empty() {
        let all: Vec<_> = fields(b" \ta  b\r").collect();
        assert_eq!(all, [&b"a"[..], b"b"]);
        let mut some = fields(b"1 rest of it");
        assert_eq!(some.number::<u8>(), Some(1));
        assert_eq!(some.rest(), b" rest of it");
    }

    #[test]
    fn numbers_are_digits_that_fit() {
        assert_eq!(number::<u64>(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(number::<u64>(b"18446744073709551616"), None);
        assert_eq!(number::<u8>(b"256"), None);
        for bad in [&b""[..], b"-1", b"+1", b"1 ", b"0x1", b"1.0"] {
            assert_eq!(number::<u64>(bad), None, "{}", bad.escape_ascii());
        }
        assert_eq!(signed::<i64>(b"-9223372036854775808"), Some(i64::MIN));
        assert_eq!(signed::<i32>(b"-51"), Some(-51));
        assert_eq!(signed::<i32>(b"2147483648"), None);
        assert_eq!(signed::<i32>(b"-"), None);
        assert_eq!(signed::<i32>(b"--1"), None);
        assert_eq!(hexadecimal(b"000001fffeffffff"), Some(0x01ff_feff_ffff));
        assert_eq!(hexadecimal(b"10000000000000000"), None);
        assert_eq!(hexadecimal(b"0x1"), None);
        assert_eq!(octal(b"040"), Some(32));
        assert_eq!(octal(b"8"), None);
        assert_eq!(octal(b""), None);
    }

    #[test]
    fn decimals_are_what_the_kernel_prints() {
        assert_eq!(decimal(b"4.31"), Some(4.31));
        assert_eq!(decimal(b"12"), Some(12.0));
        for bad in [&b""[..], b"nan", b"inf", b"-1.0", b"1e9", b"1.2.3", b".5"] {
            assert_eq!(decimal(bad), None, "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn sizes_have_a_unit_and_a_limit() {
        assert_eq!(kibibytes(b"  12196 kB"), Some(12196 * 1024));
        assert_eq!(kibibytes(b"12196"), None);
        assert_eq!(kibibytes(b"12196 MB"), None);
        assert_eq!(kibibytes(b"18446744073709551612 kB"), None);
        assert_eq!(kibibytes(b"9007199254740988 kB"), None);
    }
}
