//! The targets of `/proc/[pid]/ns/*`: "`mnt:[4026531840]`", namespaces(7).

use serde::Serialize;

use super::{ParseError, text};

/// A namespace; two processes share it if both fields are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Namespace<'a> {
    /// `mnt`, `pid`, `net`, `user`…
    pub kind: &'a [u8],
    /// Its inode number.
    pub inode: u64,
}

/// Reads the target of such a link.
///
/// # Errors
/// The text has no "`:[`" or no number in it.
pub fn parse(bytes: &[u8]) -> Result<Namespace<'_>, ParseError> {
    let (kind, bracket) = text::split_at_byte(bytes, b':').ok_or(ParseError::missing("namespace kind"))?;
    let inode = bracket.strip_prefix(b"[").and_then(|inner| inner.strip_suffix(b"]"));
    let inode = inode.ok_or(ParseError::missing("namespace inode"))?;
    let inode = text::number(inode).ok_or_else(|| ParseError::not_a_number("namespace inode", inode))?;
    Ok(Namespace { kind, inode })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_kind_and_inode() {
        assert_eq!(parse(b"mnt:[4026531840]"), Ok(Namespace { kind: b"mnt", inode: 4_026_531_840 }));
        assert_eq!(parse(b"mnt").unwrap_err().to_string(), "namespace kind: missing");
        assert_eq!(parse(b"mnt:4").unwrap_err().to_string(), "namespace inode: missing");
        assert_eq!(parse(b"mnt:[x]").unwrap_err().to_string(), "namespace inode: not a number: \"x\"");
    }
}
