//! How systemd spells names: unit names in control group paths, systemd.unit(5).

/// A name as its owner spells it: `\x2d` is a hyphen. Text that is no escape stays as it is.
#[must_use]
pub fn unescape(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&first, behind)) = rest.split_first() {
        match rest {
            [b'\\', b'x', high, low, behind @ ..] if hex(*high).is_some() && hex(*low).is_some() => {
                plain.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                rest = behind;
            }
            _ => {
                plain.push(first);
                rest = behind;
            }
        }
    }
    plain
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The components of a control group path. systemd puts `_` before a name that the kernel could mistake for
/// one of its own files.
pub fn components(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/')
        .filter(|component| !component.is_empty())
        .map(|component| component.strip_prefix(b"_").unwrap_or(component))
}

/// Whether a component is a unit that holds processes; slices only hold other groups.
pub fn is_unit(component: &[u8]) -> bool {
    [&b".service"[..], b".scope", b".socket", b".mount", b".swap"]
        .iter()
        .any(|suffix| component.strip_suffix(*suffix).is_some_and(|stem| !stem.is_empty()))
}

/// The text between `prefix` and `suffix`, unless nothing is left of it.
pub fn between<'a>(text: &'a [u8], prefix: &[u8], suffix: &[u8]) -> Option<&'a [u8]> {
    text.strip_prefix(prefix)?.strip_suffix(suffix).filter(|inner| !inner.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescapes_what_systemd_escapes() {
        assert_eq!(unescape(br"dev-disk-by\x2duuid"), b"dev-disk-by-uuid");
        assert_eq!(unescape(br"\x2d\xff"), b"-\xff");
        assert_eq!(unescape(br"a\x2"), br"a\x2");
        assert_eq!(unescape(br"a\xzz\"), br"a\xzz\");
    }

    #[test]
    fn units_are_told_by_their_suffix() {
        assert!(is_unit(b"ssh.service") && is_unit(b"init.scope"));
        assert!(!is_unit(b"system.slice") && !is_unit(b".service") && !is_unit(b"container"));
    }
}
