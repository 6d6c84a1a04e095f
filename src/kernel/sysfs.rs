//! Files below `/sys` that hold one value. A value that makes no sense is absent: drivers answer "`<unknown>`",
//! "N/A" or nothing at all where hardware is missing.

use super::text;

/// The text of a file without surrounding white space; `None` for none.
#[must_use]
pub fn trimmed(bytes: &[u8]) -> Option<&[u8]> {
    let text = bytes.trim_ascii();
    (!text.is_empty()).then_some(text)
}

/// A number that cannot be negative.
#[must_use]
pub fn unsigned<T: TryFrom<u64>>(bytes: &[u8]) -> Option<T> {
    text::number(bytes.trim_ascii())
}

/// A number that may be negative: a temperature, a current.
#[must_use]
pub fn signed<T: TryFrom<i64>>(bytes: &[u8]) -> Option<T> {
    text::signed(bytes.trim_ascii())
}

/// A size in bytes, unless it is an underflow printed as unsigned.
#[must_use]
pub fn bytes(bytes: &[u8]) -> Option<u64> {
    unsigned(bytes).and_then(text::plausible_bytes)
}

/// The chosen one of "`[mq-deadline] none`", or the only word there is.
#[must_use]
pub fn selected(bytes: &[u8]) -> Option<&[u8]> {
    let mut words = text::fields(bytes);
    let first = words.clone().next()?;
    let chosen = words.find_map(|word| word.strip_prefix(b"[")?.strip_suffix(b"]"));
    chosen.or_else(|| text::fields(bytes).nth(1).is_none().then_some(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_trimmed() {
        assert_eq!(trimmed(b"  Wireless \n"), Some(&b"Wireless"[..]));
        assert_eq!(trimmed(b"\n"), None);
        assert_eq!(unsigned(b"3400000\n"), Some(3_400_000_u32));
        assert_eq!(unsigned::<u32>(b"<unknown>\n"), None);
        assert_eq!(unsigned::<u32>(b"-1\n"), None);
        assert_eq!(signed(b"-5000\n"), Some(-5000_i32));
        assert_eq!(bytes(b"4096\n"), Some(4096));
        assert_eq!(bytes(b"18446744073709551612\n"), None);
    }

    #[test]
    fn the_selected_word_has_brackets() {
        assert_eq!(selected(b"none [mq-deadline] kyber\n"), Some(&b"mq-deadline"[..]));
        assert_eq!(selected(b"performance\n"), Some(&b"performance"[..]));
        assert_eq!(selected(b"a b\n"), None);
        assert_eq!(selected(b""), None);
    }
}
