//! `/proc/[pid]/cgroup`: which control groups a process is in, and what their paths tell about it.

use serde::Serialize;

use super::text;

mod describe;
mod unit;

pub use describe::{Application, ApplicationKind, CgroupFacts, Container, ContainerKind, describe};
pub use unit::unescape;

/// One line of `/proc/[pid]/cgroup`, cgroups(7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CgroupEntry<'a> {
    /// 0 for the unified hierarchy, else an entry of `/proc/cgroups`.
    pub hierarchy: u32,
    /// Controllers separated by commas, or `name=systemd`; empty for the unified hierarchy.
    pub controllers: &'a [u8],
    /// Path below the hierarchy's mount point; ends with " (deleted)" when the group is gone.
    pub path: &'a [u8],
}

/// The control groups of a process, one of each hierarchy; malformed lines are left out.
pub fn entries(bytes: &[u8]) -> impl Iterator<Item = CgroupEntry<'_>> {
    text::lines(bytes).filter_map(|line| {
        let (hierarchy, rest) = text::split_at_byte(line, b':')?;
        // Controllers hold no colon, paths may.
        let (controllers, path) = text::split_at_byte(rest, b':')?;
        Some(CgroupEntry { hierarchy: text::number(hierarchy)?, controllers, path })
    })
}

/// The path that says most about the process: the unified hierarchy's, or where nothing is managed there (a
/// machine still on version 1) the one that systemd keeps for itself.
#[must_use]
pub fn unified(bytes: &[u8]) -> Option<&[u8]> {
    let path = |wanted: fn(&CgroupEntry<'_>) -> bool| entries(bytes).find(wanted).map(|entry| entry.path);
    let unified = path(|entry| entry.hierarchy == 0 && entry.controllers.is_empty());
    match unified {
        Some(b"/") | None => path(|entry| entry.controllers == b"name=systemd").or(unified),
        Some(_) => unified,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_colons_of_paths() {
        let all: Vec<_> =
            entries(b"4:cpu,cpuacct:/a:b\n1:name=systemd:/c\n0::/d (deleted)\nx:y:z\nbad\n").collect();
        let entry = |hierarchy, controllers, path| CgroupEntry { hierarchy, controllers, path };
        let expected = [
            entry(4, &b"cpu,cpuacct"[..], &b"/a:b"[..]),
            entry(1, b"name=systemd", b"/c"),
            entry(0, b"", b"/d (deleted)"),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn unified_falls_back_to_the_hierarchy_of_systemd() {
        assert_eq!(unified(b"0::/user.slice\n"), Some(&b"/user.slice"[..]));
        assert_eq!(unified(b"1:name=systemd:/a\n0::/b\n"), Some(&b"/b"[..]));
        assert_eq!(unified(b"12:cpu:/x\n1:name=systemd:/docker/1\n0::/\n"), Some(&b"/docker/1"[..]));
        assert_eq!(unified(b"12:cpu:/x\n1:name=systemd:/a\n"), Some(&b"/a"[..]));
        assert_eq!(unified(b"0::/\n"), Some(&b"/"[..]));
        assert_eq!(unified(b"12:cpu:/x\n"), None);
        assert_eq!(unified(b""), None);
    }
}
