//! `/proc/[pid]/maps`, `smaps` and `smaps_rollup`: the mappings of a process and what each costs.
//!
//! All three have the same headers, and `maps` only those. Areas are handed out one by one, since a process
//! may have 65,530 of them.

use std::borrow::Cow;

use serde::Serialize;

use super::text;

/// One mapping, proc_pid_smaps(5). Sizes are `None` in `maps` and where the kernel does not say.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Area<'a> {
    /// First address.
    pub start: u64,
    /// First address behind it.
    pub end: u64,
    /// "`rwxp`", a hyphen for what is refused, `s` at the end for shared.
    pub permissions: [u8; 4],
    /// Where in the file it begins, in bytes.
    pub offset: u64,
    /// Major and minor number of the file's device.
    pub device: (u32, u32),
    /// The file's inode; 0 for none.
    pub inode: u64,
    /// Path, "`[heap]`", or empty; raw, see [`Area::path`].
    pub raw_path: &'a [u8],
    /// Resident memory.
    pub rss_bytes: Option<u64>,
    /// Resident memory, each page divided by its number of users. Since Linux 2.6.25.
    pub pss_bytes: Option<u64>,
    /// The dirty part of that, since Linux 6.0.
    pub pss_dirty_bytes: Option<u64>,
    /// The anonymous part of that; only in `smaps_rollup`, since Linux 5.4.
    pub pss_anonymous_bytes: Option<u64>,
    /// The part of that in files; only in `smaps_rollup`.
    pub pss_file_bytes: Option<u64>,
    /// The part of that in shared memory; only in `smaps_rollup`.
    pub pss_shared_memory_bytes: Option<u64>,
    /// Clean pages with other users.
    pub shared_clean_bytes: Option<u64>,
    /// Dirty pages with other users.
    pub shared_dirty_bytes: Option<u64>,
    /// Clean pages of this process alone; with the dirty ones, what ending it would free (USS).
    pub private_clean_bytes: Option<u64>,
    /// Dirty pages of this process alone.
    pub private_dirty_bytes: Option<u64>,
    /// Marked as accessed.
    pub referenced_bytes: Option<u64>,
    /// Belongs to no file.
    pub anonymous_bytes: Option<u64>,
    /// In huge pages, of the anonymous.
    pub anonymous_huge_bytes: Option<u64>,
    /// In swap.
    pub swap_bytes: Option<u64>,
    /// In swap, divided by users. Since Linux 4.3.
    pub swap_pss_bytes: Option<u64>,
    /// Locked against reclaim.
    pub locked_bytes: Option<u64>,
    /// Two-letter flags separated by spaces (`VmFlags`), since Linux 3.8.
    pub flags: Option<&'a [u8]>,
}

impl<'a> Area<'a> {
    /// Path of the file, or what the kernel calls the area. The kernel writes a newline as `\012` and leaves
    /// all else as it is, a backslash too.
    #[must_use]
    pub fn path(&self) -> Cow<'a, [u8]> {
        const NEWLINE: &[u8] = br"\012";
        let mut hits = memchr::memmem::find_iter(self.raw_path, NEWLINE).peekable();
        if hits.peek().is_none() {
            return Cow::Borrowed(self.raw_path);
        }
        let mut path = Vec::with_capacity(self.raw_path.len());
        let mut from = 0;
        for at in hits {
            path.extend_from_slice(self.raw_path.get(from..at).unwrap_or_default());
            path.push(b'\n');
            from = at + NEWLINE.len();
        }
        path.extend_from_slice(self.raw_path.get(from..).unwrap_or_default());
        Cow::Owned(path)
    }

    /// Memory that ending the process would free, as far as this area is concerned (USS).
    #[must_use]
    pub fn private_bytes(&self) -> Option<u64> {
        self.private_clean_bytes?.checked_add(self.private_dirty_bytes?)
    }

    fn set(&mut self, key: &[u8], value: &'a [u8]) {
        let slot = match key {
            b"Rss" => &mut self.rss_bytes,
            b"Pss" => &mut self.pss_bytes,
            b"Pss_Dirty" => &mut self.pss_dirty_bytes,
            b"Pss_Anon" => &mut self.pss_anonymous_bytes,
            b"Pss_File" => &mut self.pss_file_bytes,
            b"Pss_Shmem" => &mut self.pss_shared_memory_bytes,
            b"Shared_Clean" => &mut self.shared_clean_bytes,
            b"Shared_Dirty" => &mut self.shared_dirty_bytes,
            b"Private_Clean" => &mut self.private_clean_bytes,
            b"Private_Dirty" => &mut self.private_dirty_bytes,
            b"Referenced" => &mut self.referenced_bytes,
            b"Anonymous" => &mut self.anonymous_bytes,
            b"AnonHugePages" => &mut self.anonymous_huge_bytes,
            b"Swap" => &mut self.swap_bytes,
            b"SwapPss" => &mut self.swap_pss_bytes,
            b"Locked" => &mut self.locked_bytes,
            b"VmFlags" => {
                self.flags = Some(value);
                return;
            }
            _ => return,
        };
        *slot = text::kibibytes(value);
    }
}

/// The areas of `maps` or `smaps`, by address; the one of `smaps_rollup` is called "`[rollup]`".
#[must_use]
pub fn areas(bytes: &[u8]) -> Areas<'_> {
    Areas { lines: text::lines(bytes), next: None }
}

/// See [`areas`].
#[derive(Debug, Clone)]
pub struct Areas<'a> {
    lines: text::Lines<'a>,
    /// The area whose header was read while the one before was filled.
    next: Option<Area<'a>>,
}

impl<'a> Iterator for Areas<'a> {
    type Item = Area<'a>;

    fn next(&mut self) -> Option<Area<'a>> {
        let mut current = self.next.take();
        for line in self.lines.by_ref() {
            match value_line(line) {
                Some((key, value)) => {
                    if let Some(area) = &mut current {
                        area.set(key, value);
                    }
                }
                None => {
                    // A header that cannot be read still ends the area before it: what follows is not its.
                    let header = header(line);
                    if current.is_some() {
                        self.next = header;
                        return current;
                    }
                    current = header;
                }
            }
        }
        current
    }
}

/// `Key:  value`; the key is a single word, which tells it from a header.
fn value_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, value) = text::split_at_byte(line, b':')?;
    let is_word = key.first()?.is_ascii_alphabetic() && !key.contains(&b' ');
    is_word.then(|| (key, value.trim_ascii()))
}

/// `start-end permissions offset major:minor inode   path`
fn header(line: &[u8]) -> Option<Area<'_>> {
    let mut fields = text::fields(line);
    let (start, end) = text::split_at_byte(fields.next()?, b'-')?;
    let permissions = fields.next()?.try_into().ok()?;
    let offset = text::hexadecimal(fields.next()?)?;
    let (major, minor) = text::split_at_byte(fields.next()?, b':')?;
    let inode = fields.number()?;
    Some(Area {
        start: text::hexadecimal(start)?,
        end: text::hexadecimal(end)?,
        permissions,
        offset,
        device: (text::hexadecimal(major)?.try_into().ok()?, text::hexadecimal(minor)?.try_into().ok()?),
        inode,
        // Spaces pad it to a column; a path begins with '/', a name with '['.
        raw_path: fields.rest().trim_ascii_start(),
        ..Area::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"55ecc2e67000-55ecc2e68000 r--p 00001000 fe:0a 18504                      /usr/a b\\012c (deleted)\n\
        Size:                  4 kB\nRss:                   4 kB\nPss:                   1 kB\nShared_Clean:          3 kB\n\
        Private_Clean:         1 kB\nPrivate_Dirty:         2 kB\nSwap:                  0 kB\nNew:  1 kB\n\
        VmFlags: rd mr mw me \n\
        7ffe14291000-7ffe142b2000 rw-s 00000000 00:00 0 \nRss:    18446744073709551612 kB\n";

    #[test]
    fn reads_headers_and_values() {
        let all: Vec<_> = areas(FILE).collect();
        let first = Area {
            start: 0x55ec_c2e6_7000,
            end: 0x55ec_c2e6_8000,
            permissions: *b"r--p",
            offset: 4096,
            device: (0xfe, 10),
            inode: 18504,
            raw_path: br"/usr/a b\012c (deleted)",
            rss_bytes: Some(4096),
            pss_bytes: Some(1024),
            shared_clean_bytes: Some(3072),
            private_clean_bytes: Some(1024),
            private_dirty_bytes: Some(2048),
            swap_bytes: Some(0),
            flags: Some(b"rd mr mw me"),
            ..Area::default()
        };
        let second =
            Area { start: 0x7ffe_1429_1000, end: 0x7ffe_142b_2000, permissions: *b"rw-s", ..Area::default() };
        assert_eq!(all, [first, second]);
        assert_eq!(first.path(), &b"/usr/a b\nc (deleted)"[..]);
        assert_eq!(first.private_bytes(), Some(3072));
        assert_eq!(second.private_bytes(), None);
        assert_eq!(second.path(), &b""[..]);
    }

    #[test]
    fn values_are_never_booked_on_another_area() {
        let text = String::from_utf8(FILE.to_vec()).unwrap().replace("7ffe14291000-", "x-");
        let all: Vec<_> = areas(text.as_bytes()).collect();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].rss_bytes, Some(4096));
        let text = text.replace("55ecc2e67000-", "y-");
        assert_eq!(areas(text.as_bytes()).count(), 0);
        assert_eq!(areas(b"Rss: 4 kB\n").count(), 0);
    }

    #[test]
    fn the_largest_process_is_one_pass() {
        let header = b"7ffe14291000-7ffe142b2000 rw-s 00000000 00:00 0 [anon:x]\nRss: 4 kB\n";
        let file = header.repeat(65_530);
        assert_eq!(areas(&file).filter(|area| area.rss_bytes == Some(4096)).count(), 65_530);
    }
}
