//! `/proc/[pid]/mountinfo`: what is mounted where.

use std::borrow::Cow;

use serde::Serialize;

use super::text;

/// One mount, proc_pid_mountinfo(5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mount<'a> {
    /// Unique while it is mounted.
    pub id: Option<u32>,
    /// The mount it is on; of a namespace's root one that may not be listed.
    pub parent: Option<u32>,
    /// Major and minor number of the file system's device, as stat(2) gives it.
    pub device: Option<(u32, u32)>,
    /// The directory of the file system that is shown here; not "/" for a bind mount or a subvolume.
    pub root: Cow<'a, [u8]>,
    /// Where, as seen from the process's root.
    pub mount_point: Cow<'a, [u8]>,
    /// Options of this mount.
    pub options: &'a [u8],
    /// Propagation, like "shared:1 master:2"; may be empty.
    pub optional_fields: &'a [u8],
    /// `ext4`, `fuse.sshfs`…
    pub fs_type: Cow<'a, [u8]>,
    /// What is mounted: a device, a server's path, or a word.
    pub source: Cow<'a, [u8]>,
    /// Options of the file system.
    pub super_options: &'a [u8],
}

/// Reads `mountinfo`; a line without a mount point or without what follows the lone hyphen is left out.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = Mount<'_>> {
    text::lines(bytes).filter_map(mount)
}

fn mount(line: &[u8]) -> Option<Mount<'_>> {
    // The kernel escapes what separates fields, so that exactly one space does; names may hold any other
    // white space, and the source may be empty.
    let (before, after) = split_at_hyphen(line)?;
    let mut fields = before.splitn(7, |byte| *byte == b' ');
    let id = text::number(fields.next()?);
    let parent = text::number(fields.next()?);
    let device = device(fields.next()?);
    let root = unescape(fields.next()?);
    let mount_point = unescape(fields.next()?);
    let options = fields.next()?;
    let optional_fields = fields.next().unwrap_or_default();
    let mut fields = after.splitn(3, |byte| *byte == b' ');
    let fs_type = unescape(fields.next()?);
    let source = unescape(fields.next().unwrap_or_default());
    let super_options = fields.next().unwrap_or_default();
    Some(Mount {
        id,
        parent,
        device,
        root,
        mount_point,
        options,
        optional_fields,
        fs_type,
        source,
        super_options,
    })
}

/// The hyphen stands behind the six fixed fields, where a name cannot be mistaken for it.
fn split_at_hyphen(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let options_end = memchr::memchr_iter(b' ', line).nth(5)?;
    let hyphen = options_end + memchr::memmem::find(line.get(options_end..)?, b" - ")?;
    Some((line.get(..hyphen)?, line.get(hyphen + 3..)?))
}

fn device(text: &[u8]) -> Option<(u32, u32)> {
    let (major, minor) = text::split_at_byte(text, b':')?;
    Some((text::number(major)?, text::number(minor)?))
}

/// Undoes the kernel's escapes: a backslash and three octal digits are one byte.
#[must_use]
pub fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        let escaped = (first == b'\\').then(|| behind.split_at_checked(3)).flatten();
        let byte =
            escaped.and_then(|(digits, behind)| Some((u8::try_from(text::octal(digits)?).ok()?, behind)));
        let (byte, behind) = byte.unwrap_or((first, behind));
        plain.push(byte);
        rest = behind;
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &[u8]) -> Mount<'_> {
        parse(line).next().unwrap()
    }

    #[test]
    fn reads_every_field_from_its_place() {
        let expected = Mount {
            id: Some(36),
            parent: Some(35),
            device: Some((98, 0)),
            root: Cow::Borrowed(b"/mnt1"),
            mount_point: Cow::Borrowed(b"/mnt 2"),
            options: b"rw,noatime",
            optional_fields: b"master:1 shared:2",
            fs_type: Cow::Borrowed(b"ext3"),
            source: Cow::Borrowed(b"/dev/root"),
            super_options: b"rw,errors=continue",
        };
        let line =
            b"36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n";
        assert_eq!(one(line), expected);
    }

    #[test]
    fn separators_are_told_from_names() {
        let mount = one(b"1 2 0:3 / /- rw - tmpfs  rw - x");
        assert_eq!((&*mount.mount_point, mount.optional_fields), (&b"/-"[..], &b""[..]));
        assert_eq!((&*mount.source, mount.super_options), (&b""[..], &b"rw - x"[..]));
        let mount = one(b"1 2 0:3 /\r /a\x0bb rw - tmpfs - rw");
        assert_eq!(
            (&*mount.root, &*mount.mount_point, &*mount.source),
            (&b"/\r"[..], &b"/a\x0bb"[..], &b"-"[..])
        );
    }

    #[test]
    fn numbers_cost_only_themselves() {
        let mount = one(b"x -1 0 / /m rw - tmpfs t rw");
        assert_eq!((mount.id, mount.parent, mount.device), (None, None, None));
        assert_eq!(&*mount.mount_point, b"/m");
        assert_eq!(parse(b"1 2 0:3 / /m rw\n\n- - - - - -\n").count(), 0);
    }

    #[test]
    fn unescapes_three_octal_digits() {
        assert_eq!(&*unescape(br"a\040b\011\012\134\043"), b"a b\t\n\\#");
        assert_eq!(&*unescape(br"\134040"), br"\040");
        assert_eq!(&*unescape(br"\04"), br"\04");
        assert_eq!(&*unescape(br"\777\8"), br"\777\8");
    }
}
