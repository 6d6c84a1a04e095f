//! What disks are: models, sizes, partitions, and compressed memory that poses as a disk.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::files::{Files, is_due};
use crate::kernel::diskstats::Disk;
use crate::kernel::sysfs;
use crate::kernel::zram_mm_stat::{self, ZramMmStat};

/// The unit of `size` in `/sys/block`, whatever the disk's own sectors are.
const SECTOR_BYTES: u64 = 512;

/// What `/sys/block/*` says of a disk; what it does stands in `/proc/diskstats`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskFacts {
    /// Kernel name, as in `/proc/diskstats`.
    pub name: Box<[u8]>,
    /// What the maker calls it.
    pub model: Option<Box<[u8]>>,
    /// Who made it, where that is not part of the model.
    pub vendor: Option<Box<[u8]>>,
    /// Serial number.
    pub serial: Option<Box<[u8]>>,
    /// Its size.
    pub size_bytes: Option<u64>,
    /// Turns, so that seeks take long.
    pub rotational: Option<bool>,
    /// Can be taken out: memory cards, USB sticks.
    pub removable: Option<bool>,
    /// Cannot be written.
    pub read_only: Option<bool>,
    /// Requests that the kernel keeps for it at once, `queue/nr_requests`.
    pub queue_requests: Option<u32>,
    /// Smallest unit it can address.
    pub logical_block_bytes: Option<u32>,
    /// Its partitions, by name.
    pub partitions: Vec<Partition>,
    /// Devices made of the whole of it: RAID, LVM, encryption.
    pub holders: Vec<Box<[u8]>>,
    /// Devices it is made of itself.
    pub members: Vec<Box<[u8]>>,
}

/// A part of a disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// Kernel name.
    pub name: Box<[u8]>,
    /// Its number in the partition table.
    pub number: u32,
    /// Its size.
    pub size_bytes: Option<u64>,
    /// Devices made of it.
    pub holders: Vec<Box<[u8]>>,
}

/// Compressed memory in place of a disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zram {
    /// Kernel name, `zram0`.
    pub name: Box<[u8]>,
    /// What it offers, uncompressed.
    pub size_bytes: Option<u64>,
    /// How it compresses.
    pub algorithm: Option<Box<[u8]>>,
    /// What it holds.
    pub memory: Option<ZramMmStat>,
}

/// Remembers what disks are.
#[derive(Default)]
pub struct DiskReader {
    /// What `/proc/diskstats` listed when all was read.
    devices: Option<Vec<(u32, u32)>>,
    disks: Arc<Vec<DiskFacts>>,
    /// Directory names of `disks` (`cciss!c0d0`), and whether each has been read: never while asleep.
    known: Vec<(Vec<u8>, bool)>,
    present: bool,
}

impl DiskReader {
    /// What is known of the disks; `stats` tells when one came or went.
    pub fn read(&mut self, files: &mut Files<'_>, stats: &[Disk], tick: u32) -> Option<Arc<Vec<DiskFacts>>> {
        let devices = stats.iter().map(|disk| disk.device);
        let same = self.devices.as_ref().is_some_and(|known| known.iter().copied().eq(devices.clone()));
        if !same || !self.present || is_due(0, tick) {
            self.list(files);
            self.devices = Some(devices.collect());
        }
        for index in 0..self.known.len() {
            let (name, read) = &self.known[index];
            if same && *read && !is_due(index, tick) {
                continue;
            }
            if files.is_awake(&[b"sys/block/", name, b"/device"]) {
                let facts = facts(files, name);
                self.known[index].1 = true;
                if facts != self.disks[index] {
                    Arc::make_mut(&mut self.disks)[index] = facts;
                }
            }
        }
        self.present.then(|| Arc::clone(&self.disks))
    }

    /// Learns which disks there are and keeps what is known of those that stayed.
    fn list(&mut self, files: &mut Files<'_>) {
        let names = files.list(&[b"sys/block"]);
        self.present = names.is_some();
        let names = names.unwrap_or_default();
        if names.iter().eq(self.known.iter().map(|(name, _)| name)) {
            return;
        }
        let before = |name: &[u8]| self.known.iter().position(|(known, _)| known == name);
        let disks = names.iter().map(|name| match before(name) {
            Some(index) => self.disks[index].clone(),
            None => DiskFacts { name: kernel_name(name), ..DiskFacts::default() },
        });
        self.disks = Arc::new(disks.collect());
        let read = |name: &[u8]| before(name).is_some_and(|index| self.known[index].1);
        self.known = names.into_iter().map(|name| (name.clone(), read(&name))).collect();
    }
}

/// A directory's name cannot hold the slash of `cciss/c0d0`.
fn kernel_name(directory: &[u8]) -> Box<[u8]> {
    directory.iter().map(|&byte| if byte == b'!' { b'/' } else { byte }).collect()
}

fn facts(files: &mut Files<'_>, name: &[u8]) -> DiskFacts {
    let at = |file: &'static [u8]| [&b"sys/block/"[..], name, file];
    // Memory cards have a name where others have a model; a paravirtual disk has numbers for both.
    let model = files.text(&at(b"/device/model")).or_else(|| files.text(&at(b"/device/name")));
    let serial = files.text(&at(b"/device/serial")).or_else(|| files.text(&at(b"/serial")));
    let vendor = files.text(&at(b"/device/vendor"));
    let words = |text: &[u8]| !text.starts_with(b"0x");
    DiskFacts {
        name: kernel_name(name),
        model: model.filter(|model| words(model)),
        // SCSI's word for every disk that speaks ATA, not a maker.
        vendor: vendor.filter(|vendor| words(vendor) && **vendor != *b"ATA"),
        serial: serial.filter(|serial| words(serial)),
        size_bytes: size_bytes(files, &at(b"/size")),
        rotational: files.flag(&at(b"/queue/rotational")),
        removable: files.flag(&at(b"/removable")),
        read_only: files.flag(&at(b"/ro")),
        queue_requests: files.unsigned(&at(b"/queue/nr_requests")),
        logical_block_bytes: files.unsigned(&at(b"/queue/logical_block_size")),
        partitions: partitions(files, name),
        holders: devices(files, &at(b"/holders")),
        members: devices(files, &at(b"/slaves")),
    }
}

fn size_bytes(files: &mut Files<'_>, path: &[&[u8]]) -> Option<u64> {
    files.unsigned::<u64>(path)?.checked_mul(SECTOR_BYTES)
}

fn devices(files: &mut Files<'_>, path: &[&[u8]]) -> Vec<Box<[u8]>> {
    files.list(path).unwrap_or_default().iter().map(|name| kernel_name(name)).collect()
}

fn partitions(files: &mut Files<'_>, disk: &[u8]) -> Vec<Partition> {
    let entries = files.list(&[b"sys/block/", disk]).unwrap_or_default();
    let inside = entries.iter().filter(|entry| entry.starts_with(disk));
    let partition = |name: &Vec<u8>| {
        let at = |file: &'static [u8]| [&b"sys/block/"[..], disk, b"/", name, file];
        Some(Partition {
            number: files.unsigned(&at(b"/partition"))?,
            name: kernel_name(name),
            size_bytes: size_bytes(files, &at(b"/size")),
            holders: devices(files, &at(b"/holders")),
        })
    };
    inside.filter_map(partition).collect()
}

/// Reads what compressed memory holds.
#[derive(Default)]
pub struct ZramReader {
    names: Option<Vec<Vec<u8>>>,
}

impl ZramReader {
    /// All that are set up; a device without a size holds nothing yet.
    pub fn read(&mut self, files: &mut Files<'_>, tick: u32) -> Option<Vec<Zram>> {
        if self.names.is_none() || is_due(0, tick) {
            self.names = files.list(&[b"sys/block"]);
            self.names.iter_mut().for_each(|names| names.retain(|name| name.starts_with(b"zram")));
        }
        let zram = |name: &Vec<u8>| {
            let at = |file: &'static [u8]| [&b"sys/block/"[..], name, file];
            let size_bytes = files.read(&at(b"/disksize")).and_then(sysfs::bytes);
            (size_bytes != Some(0)).then(|| Zram {
                name: name.as_slice().into(),
                size_bytes,
                algorithm: files.read(&at(b"/comp_algorithm")).and_then(sysfs::selected).map(Into::into),
                memory: files.read(&at(b"/mm_stat")).map(zram_mm_stat::parse),
            })
        };
        Some(self.names.as_ref()?.iter().filter_map(zram).collect())
    }
}
