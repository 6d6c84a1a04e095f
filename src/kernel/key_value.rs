//! Files of `KEY=VALUE` lines: `uevent`, `/etc/os-release`, `/run/systemd/sessions/*`.

use std::borrow::Cow;

use super::text;

/// The assignments of a file, in its order; comments, empty lines and lines without `=` are left out.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = (&[u8], Cow<'_, [u8]>)> {
    text::lines(bytes).filter_map(|line| {
        let line = line.trim_ascii();
        let (key, value) = text::split_at_byte(line, b'=')?;
        (!key.is_empty() && !key.starts_with(b"#")).then(|| (key, unquote(value)))
    })
}

/// The value of a key; as in a shell, the last assignment counts.
#[must_use]
pub fn get<'a>(bytes: &'a [u8], key: &[u8]) -> Option<Cow<'a, [u8]>> {
    parse(bytes).filter(|(found, _)| *found == key).last().map(|(_, value)| value)
}

/// Undoes a shell's quoting, os-release(5): nothing is escaped within single quotes, and within double quotes
/// only what a shell would see there. A quote that is never closed is part of the value.
fn unquote(value: &[u8]) -> Cow<'_, [u8]> {
    let inner = |quote: &[u8]| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    if let Some(inner) = inner(b"'") {
        return Cow::Borrowed(inner);
    }
    match inner(b"\"") {
        Some(inner) => without_backslashes(inner, |byte| matches!(byte, b'"' | b'$' | b'`' | b'\\')),
        None => without_backslashes(value, |_| true),
    }
}

fn without_backslashes(text: &[u8], escapable: fn(u8) -> bool) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        match behind.split_first() {
            Some((&escaped, behind)) if first == b'\\' && escapable(escaped) => {
                plain.push(escaped);
                rest = behind;
            }
            _ => {
                plain.push(first);
                rest = behind;
            }
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_assignments() {
        let file = b"# comment=1\n\nNAME=\"Debian GNU/Linux\"\nID=debian\r\nbad\n=x\n#A=b\nEMPTY=\nID=again\nURL='a=\\b'\n";
        let all: Vec<_> = parse(file).map(|(key, value)| (key, value.into_owned())).collect();
        let expected = [
            (&b"NAME"[..], b"Debian GNU/Linux".to_vec()),
            (b"ID", b"debian".to_vec()),
            (b"EMPTY", b"".to_vec()),
            (b"ID", b"again".to_vec()),
            (b"URL", b"a=\\b".to_vec()),
        ];
        assert_eq!(all, expected);
        assert_eq!(get(file, b"ID").as_deref(), Some(&b"again"[..]));
        assert_eq!(get(file, b"VERSION"), None);
    }

    #[test]
    fn unquotes_like_a_shell() {
        assert_eq!(&*unquote(br#""a \"b\" \$c \n""#), br#"a "b" $c \n"#);
        assert_eq!(&*unquote(br"a\ b\"), br"a b\");
        assert_eq!(&*unquote(b"\"open"), b"\"open");
        assert_eq!(&*unquote(b"\""), b"\"");
        assert_eq!(&*unquote(b"''"), b"");
    }
}
