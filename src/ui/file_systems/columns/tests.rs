use std::collections::HashSet;

use super::*;

const GIB: u64 = 1 << 30;
const IEC: UnitStyle = UnitStyle { base: units::Base::Iec, rates_in_bits: false, utc_offset_secs: 0 };

fn mount(device: &[u8], directory: &[u8], kind: &[u8], usage: Usage) -> FileSystem {
    FileSystem {
        mount_id: Some(u32::try_from(directory.len()).unwrap()),
        device: device.into(),
        directory: directory.into(),
        kind: kind.into(),
        options: b"rw,relatime".as_slice().into(),
        ordinary: device.starts_with(b"/") || kind == b"nfs4",
        usage,
    }
}

/// 5 % are kept for root, so the shares are of 95 %.
fn filled(total: u64, used: u64) -> Usage {
    let free = total - used;
    Usage::Known { total, free, available: free.saturating_sub(total / 20) }
}

fn machine() -> Vec<FileSystem> {
    vec![
        mount(b"/dev/sda2", b"/", b"ext4", filled(100 * GIB, 50 * GIB)),
        mount(b"/dev/sdb1", b"/home", b"btrfs", filled(900 * GIB, 90 * GIB)),
        mount(b"nas:/volume", b"/mnt/nas", b"nfs4", Usage::NotResponding),
        mount(b"proc", b"/proc", b"proc", Usage::Unknown),
        mount(b"tmpfs", b"/tmp", b"tmpfs", filled(10 * GIB, 0)),
        mount(b"/dev/SDA1", b"/boot", b"vfat", filled(GIB, GIB)),
    ]
}

fn sorted(id: &str, descending: bool) -> Vec<String> {
    let sort = Sort::by_id(id, descending);
    let mut all = machine();
    all.sort_by(|a, b| sort.compare(a, b));
    all.iter().map(|of| display_name(&of.directory).into_owned()).collect()
}

fn cell(id: &str, of: &FileSystem) -> String {
    let column = COLUMNS.iter().find(|column| column.id == id).unwrap();
    let mut text = String::new();
    column.write(of, &IEC, &mut text);
    text.replace(units::UNIT_SPACE, " ")
}

#[test]
fn the_table_of_columns_is_consistent() {
    let mut ids = HashSet::new();
    let mut leaving = HashSet::new();
    for column in &COLUMNS {
        assert!(ids.insert(column.id), "{} twice", column.id);
        assert!(!column.title.is_empty() && !column.description.is_empty() && column.width > 0);
        assert!(column.leaves == 0 || leaving.insert(column.leaves), "{} leaves with another", column.id);
        for of in &machine() {
            let text = cell(column.id, of);
            assert!(!text.is_empty() && text.chars().all(|c| !c.is_control()), "{}: {text:?}", column.id);
        }
    }
}

#[test]
fn sizes_are_written_as_df_counts_them() {
    let root = &machine()[0];
    assert_eq!(cell("total", root), "100.0 GiB");
    assert_eq!(cell("available", root), "45.0 GiB");
    assert_eq!(cell("used", root), "50.0 GiB");
}

#[test]
fn what_is_not_known_is_a_dash_and_never_zero() {
    for of in [&machine()[2], &machine()[3]] {
        for id in ["total", "available", "used"] {
            assert_eq!(cell(id, of), units::UNKNOWN);
        }
    }
    assert_eq!(cell("device", &mount(b"", b"/x", b"tmpfs", Usage::Unknown)), units::UNKNOWN);
}

#[test]
fn every_column_sorts_both_ways() {
    assert_eq!(sorted("total", true), ["/home", "/", "/tmp", "/boot", "/mnt/nas", "/proc"]);
    assert_eq!(sorted("total", false), ["/boot", "/tmp", "/", "/home", "/mnt/nas", "/proc"]);
    assert_eq!(sorted("available", true), ["/home", "/", "/tmp", "/boot", "/mnt/nas", "/proc"]);
    assert_eq!(sorted("directory", true), ["/tmp", "/proc", "/mnt/nas", "/home", "/boot", "/"]);
    assert_eq!(sorted("type", false), ["/home", "/", "/mnt/nas", "/proc", "/tmp", "/boot"]);
}

#[test]
fn used_sorts_by_the_share_and_the_unknown_stay_below() {
    assert_eq!(sorted("used", true), ["/boot", "/", "/home", "/tmp", "/mnt/nas", "/proc"]);
    assert_eq!(sorted("used", false), ["/tmp", "/home", "/", "/boot", "/mnt/nas", "/proc"]);
}

#[test]
fn names_sort_without_case() {
    assert_eq!(sorted("device", false), ["/boot", "/", "/home", "/mnt/nas", "/proc", "/tmp"]);
}

#[test]
fn an_unknown_column_in_the_settings_is_the_first() {
    let sort = Sort::by_id("inodes", true);
    assert_eq!((sort.column.id, sort.descending), ("device", false));
}

#[test]
fn only_what_the_rows_are_sorted_by_moves_them() {
    let before = mount(b"/dev/sda2", b"/", b"ext4", filled(100 * GIB, 50 * GIB));
    let now = mount(b"/dev/sda2", b"/", b"ext4", filled(100 * GIB, 51 * GIB));
    assert!(Sort::by_id("used", true).is_moved(&before, &now));
    assert!(!Sort::by_id("total", true).is_moved(&before, &now));
    assert!(!Sort::by_id("device", true).is_moved(&before, &now));
}

#[test]
fn only_those_that_hold_files_are_shown_unless_all_are_wanted() {
    let all = machine();
    let directories = |every| shown(&all, every).map(|of| display_name(&of.directory)).collect::<Vec<_>>();
    assert_eq!(directories(false), ["/", "/home", "/mnt/nas", "/boot"]);
    assert_eq!(directories(true).len(), all.len());
}

#[test]
fn columns_leave_one_after_the_other_and_two_stay() {
    let ids = |width| {
        let fits = fitting(width);
        COLUMNS.iter().zip(fits).filter_map(|(column, fits)| fits.then_some(column.id)).collect::<Vec<_>>()
    };
    assert_eq!(ids(880).len(), COLUMNS.len());
    assert_eq!(ids(360), ["directory", "used"]);
    assert_eq!(ids(0), ["directory", "used"]);
    let mut before = 0;
    for width in 0..1000 {
        let now = ids(width).len();
        assert!(now >= before, "a wider table at {width} px shows fewer columns");
        before = now;
    }
}

#[test]
fn the_summary_shows_hostile_names_and_what_is_not_known() {
    let hostile = mount(b"<b>\x1b[2J", b"/mnt/a\nb\xe2\x80\xae", b"tmpfs", Usage::NotResponding);
    let text = summary(&hostile, &IEC);
    assert_eq!(text, "/mnt/a\\nb\\u{202e}\n<b>\\x1b[2J (tmpfs)\nNot responding\nrw,relatime");
    let root = summary(&machine()[0], &IEC).replace(units::UNIT_SPACE, " ");
    assert!(root.contains("50.0 GiB of 100.0 GiB used, 45.0 GiB available"), "{root}");
}

#[test]
fn icons_tell_disks_from_servers_and_from_the_kernels_own() {
    let icons = |device: &[u8], kind: &[u8]| icon(&mount(device, b"/x", kind, Usage::Unknown));
    assert_eq!(icons(b"/dev/nvme0n1p2", b"ext4"), "drive-harddisk-symbolic");
    assert_eq!(icons(b"/dev/mmcblk0p1", b"vfat"), "media-flash-symbolic");
    assert_eq!(icons(b"/dev/sr0", b"iso9660"), "drive-optical-symbolic");
    for server in [b"nas:/volume".as_slice(), b"//nas/share", b"me@host:/home"] {
        assert_eq!(icons(server, b"nfs4"), "network-server-symbolic");
    }
    assert_eq!(icons(b"tmpfs", b"tmpfs"), "emblem-system-symbolic");
}
