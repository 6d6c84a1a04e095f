//! Small files below `/sys`, one after another, through one buffer and one path.

use crate::kernel::sysfs;
use crate::source::Source;

/// Facts of devices that seldom change are read again after so many ticks, a part of the devices each tick.
pub const REFRESH_TICKS: u32 = 60;

/// Whether the turn of the device at `index` has come.
pub fn is_due(index: usize, tick: u32) -> bool {
    index % REFRESH_TICKS as usize == (tick % REFRESH_TICKS) as usize
}

/// Buffers that live as long as the reader.
#[derive(Default)]
pub struct Room {
    bytes: Vec<u8>,
    path: Vec<u8>,
}

/// Reads files whose paths are put together from parts; what cannot be read is absent.
pub struct Files<'a> {
    source: &'a Source,
    room: &'a mut Room,
}

impl<'a> Files<'a> {
    /// Files of this source.
    pub fn new(source: &'a Source, room: &'a mut Room) -> Self {
        Self { source, room }
    }

    /// The machine that is read.
    pub fn source(&self) -> &Source {
        self.source
    }

    /// The bytes of a file.
    pub fn read(&mut self, path: &[&[u8]]) -> Option<&[u8]> {
        let Room { bytes, path: whole } = &mut *self.room;
        join(whole, path);
        self.source.read(&*whole, bytes).ok()
    }

    /// The text of a file without surrounding white space.
    pub fn text(&mut self, path: &[&[u8]]) -> Option<Box<[u8]>> {
        self.read(path).and_then(sysfs::trimmed).map(Into::into)
    }

    /// The number in a file.
    pub fn unsigned<T: TryFrom<u64>>(&mut self, path: &[&[u8]]) -> Option<T> {
        self.read(path).and_then(sysfs::unsigned)
    }

    /// The `0` or `1` in a file.
    pub fn flag(&mut self, path: &[&[u8]]) -> Option<bool> {
        match self.unsigned::<u8>(path)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// The names in a directory, sorted: the kernel lists them in no order.
    pub fn list(&mut self, path: &[&[u8]]) -> Option<Vec<Vec<u8>>> {
        join(&mut self.room.path, path);
        let mut names = self.source.list(&self.room.path).ok()?;
        names.sort_by(|a, b| natural(a).cmp(&natural(b)));
        Some(names)
    }

    /// What a link points to.
    pub fn link(&mut self, path: &[&[u8]]) -> Option<Vec<u8>> {
        join(&mut self.room.path, path);
        self.source.link(&self.room.path).ok()
    }

    /// The last part of what a link points to.
    pub fn link_name(&mut self, path: &[&[u8]]) -> Option<Box<[u8]>> {
        let target = self.link(path)?;
        let name = target.rsplit(|&byte| byte == b'/').next()?;
        (!name.is_empty()).then(|| name.into())
    }

    /// Whether a device may be asked: one that sleeps would be woken by it.
    ///
    /// `power/runtime_status`, `Documentation/ABI/testing/sysfs-devices-power`, is answered without touching
    /// the device. A device without the file or with "unsupported" is never put to sleep by the kernel; one
    /// whose state cannot be read is left alone.
    pub fn is_awake(&mut self, device: &[&[u8]]) -> bool {
        use rustix::io::Errno;
        let Room { bytes, path } = &mut *self.room;
        join(path, device);
        path.extend_from_slice(b"/power/runtime_status");
        match self.source.read(&*path, bytes) {
            Ok(status) => matches!(status.trim_ascii(), b"active" | b"unsupported"),
            Err(error) => matches!(error, Errno::NOENT | Errno::NOTDIR),
        }
    }
}

fn join(whole: &mut Vec<u8>, parts: &[&[u8]]) {
    whole.clear();
    for part in parts {
        whole.extend_from_slice(part);
    }
}

/// Sorts `hwmon10` behind `hwmon9`: the text before the number at the end, and the number.
fn natural(name: &[u8]) -> (&[u8], u64, &[u8]) {
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (text, number) = name.split_at(name.len() - digits);
    (text, sysfs::unsigned(number).unwrap_or(0), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_people_count() {
        let mut names = [&b"hwmon10"[..], b"AC", b"hwmon9", b"hwmon", b"hwmon09", b"BAT1", b"10"];
        names.sort_by(|a, b| natural(a).cmp(&natural(b)));
        assert_eq!(names, [&b"10"[..], b"AC", b"BAT1", b"hwmon", b"hwmon09", b"hwmon9", b"hwmon10"]);
    }

    #[test]
    fn each_device_has_its_turn_within_a_round() {
        for index in [0, 1, 59, 60, 4000] {
            assert_eq!((100..100 + REFRESH_TICKS).filter(|&tick| is_due(index, tick)).count(), 1, "{index}");
        }
    }
}
