//! The columns of the table, declared once; sorting and filtering of what stands in it. No widgets.

use std::cmp::Ordering;

use gnomon::names::display_name;
use gnomon::sample::{FileSystem, Usage};
use gnomon::units::{self, Unit, UnitStyle};

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Device,
    Directory,
    Type,
    Total,
    Available,
    Used,
}

/// One column.
#[derive(Debug)]
pub struct Column {
    /// Its name in the settings.
    pub id: &'static str,
    /// Its header.
    pub title: &'static str,
    /// What it is and where it comes from.
    pub description: &'static str,
    /// What its cells show.
    pub field: Field,
    /// Pixels that its longest usual text takes.
    pub width: i32,
    /// Which column goes first where not all have room; those of rank 0 stay.
    pub leaves: u8,
}

/// All columns from the left.
pub static COLUMNS: [Column; 6] = [
    Column {
        id: "device",
        title: "Device",
        description: "What is mounted: a device, a server’s directory, or a name\n/proc/self/mountinfo",
        field: Field::Device,
        width: 160,
        leaves: 1,
    },
    Column {
        id: "directory",
        title: "Directory",
        description: "Where it is mounted\n/proc/self/mountinfo",
        field: Field::Directory,
        width: 120,
        leaves: 0,
    },
    Column {
        id: "type",
        title: "Type",
        description: "Type of the file system\n/proc/self/mountinfo",
        field: Field::Type,
        width: 96,
        leaves: 4,
    },
    Column {
        id: "total",
        title: "Total",
        description: "Size of the file system\nstatfs(2), f_blocks",
        field: Field::Total,
        width: 100,
        leaves: 3,
    },
    Column {
        id: "available",
        title: "Available",
        description: "What an ordinary user may still use\nstatfs(2), f_bavail",
        field: Field::Available,
        width: 100,
        leaves: 2,
    },
    Column {
        id: "used",
        title: "Used",
        description: "What is in use, and its share of what an ordinary user could use, as df counts them; \
                      sorted by the share\nstatfs(2), f_blocks − f_bfree",
        field: Field::Used,
        width: 232,
        leaves: 0,
    },
];

impl Column {
    /// Numbers stand at the right edge, and the first click on their title puts the largest on top.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        matches!(self.field, Field::Total | Field::Available | Field::Used)
    }

    /// Appends the text of a cell; of [`Field::Used`] the amount.
    pub fn write(&self, of: &FileSystem, style: &UnitStyle, out: &mut String) {
        match self.field {
            Field::Device => write_name(&of.device, out),
            Field::Directory => write_name(&of.directory, out),
            Field::Type => write_name(&of.kind, out),
            Field::Total => units::format(Unit::Bytes, of.usage.total(), style, out),
            Field::Available => units::format(Unit::Bytes, of.usage.available(), style, out),
            Field::Used => units::format(Unit::Bytes, of.usage.used(), style, out),
        }
    }

    fn key<'f>(&self, of: &'f FileSystem) -> Key<'f> {
        #[expect(clippy::cast_precision_loss, reason = "a size above 2⁵³ bytes sorts well enough")]
        let size = |bytes: Option<u64>| Key::Number(bytes.map(|bytes| bytes as f64));
        match self.field {
            Field::Device => Key::Name(&of.device),
            Field::Directory => Key::Name(&of.directory),
            Field::Type => Key::Name(&of.kind),
            Field::Total => size(of.usage.total()),
            Field::Available => size(of.usage.available()),
            Field::Used => Key::Number(of.usage.used_fraction()),
        }
    }
}

/// An empty name is one that nobody gave.
fn write_name(name: &[u8], out: &mut String) {
    if name.is_empty() {
        out.push_str(units::UNKNOWN);
    } else {
        out.push_str(&display_name(name));
    }
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    pub column: &'static Column,
    pub descending: bool,
}

impl Sort {
    /// The sort by the name of its column; a name that this version does not know is the first column.
    #[must_use]
    pub fn by_id(id: &str, descending: bool) -> Self {
        match COLUMNS.iter().find(|column| column.id == id) {
            Some(column) => Self { column, descending },
            None => Self { column: &COLUMNS[0], descending: false },
        }
    }

    /// Which of two rows stands higher. What is not known stands below all in both directions, and rows that
    /// are equal stand by their directory.
    #[must_use]
    pub fn compare(&self, a: &FileSystem, b: &FileSystem) -> Ordering {
        let order = self.column.key(a).compare(self.column.key(b), self.descending);
        order.then_with(|| a.directory.cmp(&b.directory)).then_with(|| a.mount_id.cmp(&b.mount_id))
    }

    /// Whether what rows are sorted by differs between two moments of one row.
    #[must_use]
    pub fn is_moved(&self, before: &FileSystem, now: &FileSystem) -> bool {
        self.column.key(before) != self.column.key(now)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Key<'f> {
    Name(&'f [u8]),
    Number(Option<f64>),
}

impl Key<'_> {
    fn compare(self, other: Self, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Number(None), Self::Number(None)) => return Ordering::Equal,
            (Self::Number(None), _) => return Ordering::Greater,
            (_, Self::Number(None)) => return Ordering::Less,
            (Self::Number(Some(a)), Self::Number(Some(b))) => a.total_cmp(&b),
            (Self::Name(a), Self::Name(b)) => {
                let folded = |name: &[u8]| name.to_ascii_lowercase();
                folded(a).cmp(&folded(b)).then_with(|| a.cmp(b))
            }
            // Both keys are of one column.
            (Self::Name(_), _) | (_, Self::Name(_)) => Ordering::Equal,
        };
        if descending { order.reverse() } else { order }
    }
}

/// The rows to show: those that hold somebody's files, or all.
pub fn shown(all: &[FileSystem], every: bool) -> impl Iterator<Item = &FileSystem> {
    all.iter().filter(move |file_system| every || file_system.ordinary)
}

/// Which columns have room in a table of this width; those that matter least leave first.
#[must_use]
pub fn fitting(width: i32) -> [bool; COLUMNS.len()] {
    let mut fits = [true; COLUMNS.len()];
    let mut room = width - COLUMNS.iter().map(|column| column.width).sum::<i32>();
    while room < 0 {
        let staying = COLUMNS.iter().enumerate().filter(|(index, column)| fits[*index] && column.leaves > 0);
        let Some((index, column)) = staying.max_by_key(|(_, column)| column.leaves) else { break };
        fits[index] = false;
        room += column.width;
    }
    fits
}

/// The icon of what stands behind a mount.
#[must_use]
pub fn icon(of: &FileSystem) -> &'static str {
    let device = &*of.device;
    let is_local = device.starts_with(b"/") && !device.starts_with(b"//");
    match &*of.kind {
        b"iso9660" | b"udf" => "drive-optical-symbolic",
        _ if is_local && device.starts_with(b"/dev/mmcblk") => "media-flash-symbolic",
        _ if is_local => "drive-harddisk-symbolic",
        // "//server/share", "server:/directory"
        _ if device.starts_with(b"//") || device.windows(2).any(|pair| pair == b":/") => {
            "network-server-symbolic"
        }
        _ => "emblem-system-symbolic",
    }
}

/// What a row says about all of it, for a tooltip: where columns have no room, too.
#[must_use]
pub fn summary(of: &FileSystem, style: &UnitStyle) -> String {
    let size = |bytes: Option<u64>| units::text(Unit::Bytes, bytes, style);
    let fill = match of.usage {
        Usage::Known { .. } => format!(
            "{} of {} used, {} available",
            size(of.usage.used()),
            size(of.usage.total()),
            size(of.usage.available())
        ),
        Usage::NotResponding => NOT_RESPONDING.to_owned(),
        Usage::Unknown => "Size not known".to_owned(),
    };
    let (device, kind) = (display_name(&of.device), display_name(&of.kind));
    let (directory, options) = (display_name(&of.directory), display_name(&of.options));
    format!("{directory}\n{device} ({kind})\n{fill}\n{options}")
}

/// What is said of a mount that missed its deadline.
pub const NOT_RESPONDING: &str = "Not responding";

#[cfg(test)]
mod tests;
