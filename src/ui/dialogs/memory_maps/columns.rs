//! The columns of the memory maps: one entry each, and everything loops over them.

use std::borrow::Cow;
use std::fmt::Write;

use gnomon::columns::Value;
use gnomon::inspect::memory_maps::{MapKind, Mapping, Usage};
use gnomon::names::display_name;
use gnomon::units::{Unit, UnitStyle};

use crate::ui::table::{CellStyle, Heading};

/// A column.
pub struct MapColumn {
    /// What its header says, and its look.
    pub heading: Heading,
    field: Field,
}

/// Where a column's values come from.
enum Field {
    /// The mapping itself.
    Of(fn(&Mapping) -> Value<'_>),
    /// An address or an offset, written in hexadecimal with at least so many digits.
    Hex(usize, fn(&Mapping) -> u64),
    /// Bytes, which add up.
    Bytes(fn(&Amounts) -> Option<u64>),
}

/// What can be added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    /// Address space in bytes.
    pub size_bytes: u64,
    /// Memory.
    pub usage: Usage,
}

impl From<&Mapping> for Amounts {
    fn from(mapping: &Mapping) -> Self {
        Self { size_bytes: mapping.size_bytes(), usage: mapping.usage }
    }
}

/// All columns, in order.
pub static COLUMNS: [MapColumn; 15] = [
    of("Filename", 28, CellStyle::Text, "The file, or what the kernel calls the area", |map| {
        Value::Text(name(map))
    }),
    hex("Start", 16, 12, "First address", |map| map.start),
    hex("End", 16, 12, "First address behind it", |map| map.end),
    bytes("Size", 10, "Address space", |of| Some(of.size_bytes)),
    of("Flags", 7, CellStyle::Code, "Read, write, execute; private (p) or shared (s)", |map| {
        Value::Text(String::from_utf8_lossy(&map.permissions))
    }),
    hex("Offset", 11, 8, "Where in the file it begins", |map| map.offset),
    bytes("Resident", 11, "In memory (RSS)", |of| of.usage.resident_bytes),
    bytes("PSS", 10, "In memory, each page divided by the number of processes that use it", |of| {
        of.usage.pss_bytes
    }),
    bytes("Private Clean", 14, "Used by this process alone and unchanged since read from the file", |of| {
        of.usage.private_clean_bytes
    }),
    bytes("Private Dirty", 14, "Used by this process alone and changed", |of| of.usage.private_dirty_bytes),
    bytes("Shared Clean", 14, "Used by other processes too and unchanged since read from the file", |of| {
        of.usage.shared_clean_bytes
    }),
    bytes("Shared Dirty", 14, "Used by other processes too and changed", |of| of.usage.shared_dirty_bytes),
    bytes("Swap", 10, "In swap", |of| of.usage.swap_bytes),
    of("Device", 8, CellStyle::Code, "Major and minor number of the file's device", device),
    of("Inode", 11, CellStyle::Numeric, "The file's inode", |map| number(map.inode)),
];

/// Index of the column that the table begins sorted by: the address.
pub const START: usize = 1;

const fn of(
    title: &'static str,
    width: u16,
    style: CellStyle,
    description: &'static str,
    value: fn(&Mapping) -> Value<'_>,
) -> MapColumn {
    MapColumn { heading: Heading { title, description, width, style, total: false }, field: Field::Of(value) }
}

const fn hex(
    title: &'static str,
    width: u16,
    digits: usize,
    description: &'static str,
    value: fn(&Mapping) -> u64,
) -> MapColumn {
    let heading = Heading { title, description, width, style: CellStyle::Address, total: false };
    MapColumn { heading, field: Field::Hex(digits, value) }
}

const fn bytes(
    title: &'static str,
    width: u16,
    description: &'static str,
    value: fn(&Amounts) -> Option<u64>,
) -> MapColumn {
    let heading = Heading { title, description, width, style: CellStyle::Numeric, total: true };
    MapColumn { heading, field: Field::Bytes(value) }
}

impl MapColumn {
    /// The value of a mapping, to sort by.
    #[must_use]
    pub fn value<'m>(&self, mapping: &'m Mapping) -> Value<'m> {
        match self.field {
            Field::Of(value) => value(mapping),
            Field::Hex(_, value) => Value::Count(value(mapping)),
            Field::Bytes(value) => value(&mapping.into()).map_or(Value::Unknown, Value::Count),
        }
    }

    /// Appends the value of a mapping as a person reads it.
    pub fn write(&self, mapping: &Mapping, style: &UnitStyle, out: &mut String) {
        match self.field {
            Field::Of(value) => value(mapping).write(Unit::Count, style, out),
            // A string takes whatever is written.
            Field::Hex(digits, value) => {
                let _ = write!(out, "{:0digits$x}", value(mapping));
            }
            Field::Bytes(_) => self.value(mapping).write(Unit::Bytes, style, out),
        }
    }

    /// Appends the sum of a column of bytes.
    pub fn write_total(&self, total: &Amounts, style: &UnitStyle, out: &mut String) {
        if let Field::Bytes(value) = self.field {
            value(total).map_or(Value::Unknown, Value::Count).write(Unit::Bytes, style, out);
        }
    }
}

/// The name as it is shown. A file's begins with '/', so that none can be taken for the kernel's words.
#[must_use]
pub fn name(mapping: &Mapping) -> Cow<'_, str> {
    match mapping.kind {
        MapKind::Anonymous if mapping.name.is_empty() => Cow::Borrowed("[anonymous]"),
        _ => display_name(&mapping.name),
    }
}

fn device(mapping: &Mapping) -> Value<'_> {
    match mapping.device {
        (0, 0) => Value::Unknown,
        (major, minor) => Value::Text(format!("{major:02x}:{minor:02x}").into()),
    }
}

fn number(inode: u64) -> Value<'static> {
    if inode == 0 { Value::Unknown } else { Value::Count(inode) }
}
