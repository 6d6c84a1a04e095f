//! Names as bytes, made safe to show.
//!
//! A process may call itself anything: `prctl(PR_SET_NAME)` takes raw newlines, terminal escapes, invalid
//! UTF-8 and characters that turn the direction of text. Names stay bytes everywhere; only what is shown
//! passes through [`display_name`], and what is shown is never used to find anything again.

use std::borrow::Cow;
use std::fmt::Write;

/// `name` as text in which nothing is invisible and nothing acts: invalid UTF-8, control characters (C0,
/// DEL, C1), characters that change the direction of text, zero-width characters and line and paragraph
/// separators become escapes such as `\n`, `\x1b` or `\u{202e}`.
///
/// A clean name is borrowed. A backslash stays as it is (systemd's `\x2d` and Wine's paths would become
/// unreadable), so the text cannot be turned back into the bytes: keep those.
#[must_use]
pub fn display_name(name: &[u8]) -> Cow<'_, str> {
    // Nearly every name: printable ASCII.
    if name.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && let Ok(text) = str::from_utf8(name)
    {
        return Cow::Borrowed(text);
    }
    if let Ok(text) = str::from_utf8(name)
        && !text.chars().any(is_unsafe)
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(name.len() + 16);
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_unsafe(c) { push_escaped(c, &mut out) } else { out.push(c) }
        }
        for byte in chunk.invalid() {
            push_byte(*byte, &mut out);
        }
    }
    Cow::Owned(out)
}

/// Whether the character is invisible or does something instead of being seen.
fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'               // C0, DEL, C1
        | '\u{ad}' | '\u{34f}'                          // soft hyphen, grapheme joiner
        | '\u{61c}' | '\u{200e}' | '\u{200f}'           // direction marks
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // embeddings, overrides, isolates
        | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}' // zero width
        | '\u{2028}' | '\u{2029}'                       // line and paragraph separator
        | '\u{206a}'..='\u{206f}'                       // deprecated format controls
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers, blank by design
        | '\u{fff9}'..='\u{fffb}'                       // interlinear annotation
        | '\u{e0000}'..='\u{e007f}'                     // tags
    )
}

fn push_escaped(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\x7f' => push_byte(c as u8, out),
        _ => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
}

fn push_byte(byte: u8, out: &mut String) {
    let _ = write!(out, "\\x{byte:02x}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 20 names that processes gave themselves with `prctl(PR_SET_NAME)`, read back on Linux 6.18.
    const HOSTILE: [(&[u8], &str); 20] = [
        (b"a\nState:\tZ", "a\\nState:\\tZ"),
        (b") R 1 (x", ") R 1 (x"),
        (b"a) S 0 0 0", "a) S 0 0 0"),
        (b"\x1b[2J\x1b]0;x", "\\x1b[2J\\x1b]0;x"),
        (b"\x1b]52;c;eA==\x07", "\\x1b]52;c;eA==\\x07"),
        (b"\xe2\x80\xaeexe.txt", "\\u{202e}exe.txt"),
        (b"<b>&amp;</b", "<b>&amp;</b"),
        (b"<span foregrou", "<span foregrou"),
        (b"\xff\xfe\x80abc", "\\xff\\xfe\\x80abc"),
        (b"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3", "ééééééé\\xc3"),
        (b"", ""),
        (b"a\tb\rc", "a\\tb\\rc"),
        (b"a\\b\\n", "a\\b\\n"),
        (b"a'b\"c;$(id)", "a'b\"c;$(id)"),
        (b"a\xe2\x80\x8b\xe2\x81\xa6b\xe2\x81\xa9", "a\\u{200b}\\u{2066}b\\u{2069}"),
        (b"12345", "12345"),
        (b"kworker/0:1", "kworker/0:1"),
        (b"\xc2\x9b31m", "\\u{9b}31m"),
        (b"\x7f\x7f", "\\x7f\\x7f"),
        (b"%s%n%x{0}{}", "%s%n%x{0}{}"),
    ];

    #[test]
    fn hostile_names_are_seen_and_do_nothing() {
        for (bytes, expected) in HOSTILE {
            assert_eq!(display_name(bytes), expected);
        }
    }

    #[test]
    fn clean_names_are_borrowed() {
        for name in ["", "bash", "Isolated Web Co", "ééé", "日本語", "🦀", "\u{a0}", "dev-disk\\x2duuid"]
        {
            assert!(matches!(display_name(name.as_bytes()), Cow::Borrowed(text) if text == name), "{name:?}");
        }
    }

    #[test]
    fn every_named_class_is_escaped() {
        let classes = [
            0x00..=0x1f_u32,
            0x7f..=0x9f,
            0x202a..=0x202e,
            0x2066..=0x2069,
            0x200b..=0x200f,
            0x2028..=0x2029,
            0x2060..=0x2060,
            0xfeff..=0xfeff,
        ];
        for code in classes.into_iter().flatten() {
            let c = char::from_u32(code).unwrap();
            let name = format!("a{c}b");
            let shown = display_name(name.as_bytes());
            assert!(shown.starts_with("a\\") && shown.ends_with('b') && !shown.contains(c), "U+{code:04X}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_become_text_without_controls(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)
        ) {
            let shown = display_name(&bytes);
            proptest::prop_assert!(!shown.chars().any(|c| c.is_control() || is_unsafe(c)));
            // Safe text passes unchanged, so showing twice is showing once.
            proptest::prop_assert_eq!(&display_name(shown.as_bytes()), &shown);
        }
    }
}
