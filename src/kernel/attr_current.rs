//! `/proc/[pid]/attr/current`: the label a security module gave to a process.

/// The label without the newline (AppArmor) or NUL (SELinux) that closes it; `None` for an empty one.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b'\0' | b'\n' | b' '))?;
    bytes.get(..=end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_what_closes_the_label() {
        assert_eq!(parse(b"firefox (enforce)\n"), Some(&b"firefox (enforce)"[..]));
        assert_eq!(parse(b"system_u:system_r:init_t:s0\0"), Some(&b"system_u:system_r:init_t:s0"[..]));
        assert_eq!(parse(b"\0\n"), None);
        assert_eq!(parse(b""), None);
    }
}
