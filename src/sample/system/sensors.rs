//! Sensors of `/sys/class/hwmon`: temperatures, fans, voltages, currents, powers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::files::{Files, is_due};
use crate::kernel::hwmon::{self, SensorKind};

/// One sensor and what it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sensor {
    /// What stays.
    pub facts: Arc<SensorFacts>,
    /// Its value, in the unit of its kind; unknown while its device sleeps or does not answer.
    pub value: Option<f64>,
}

/// What stays of a sensor, `Documentation/hwmon/sysfs-interface.rst`. Limits are in the unit of its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SensorFacts {
    /// Directory in `/sys/class/hwmon`; may be another at the next boot.
    pub hwmon: Box<[u8]>,
    /// The chip's name, `coretemp`; several chips may have the same.
    pub chip: Option<Box<[u8]>>,
    /// The device it belongs to, `0000:01:00.0`: the same at each boot, mostly.
    pub device: Option<Box<[u8]>>,
    /// What it measures.
    pub kind: SensorKind,
    /// Which one of this kind in its chip.
    pub index: u32,
    /// What the driver calls it, `Package id 0`.
    pub label: Option<Box<[u8]>>,
    /// Lowest good value.
    pub min: Option<f64>,
    /// Highest good value.
    pub max: Option<f64>,
    /// Where damage begins.
    pub critical: Option<f64>,
}

/// Remembers which sensors there are and reads what they show.
#[derive(Default)]
pub struct SensorReader {
    chips: Option<Vec<Chip>>,
}

struct Chip {
    name: Vec<u8>,
    /// What was found when the device was awake for the first time.
    known: Option<Known>,
}

#[derive(Default)]
struct Known {
    /// Where the files are, below the chip: until Linux 3.15 some were the device's.
    inside: &'static [u8],
    sensors: Vec<(Arc<SensorFacts>, Vec<u8>)>,
    drive: Option<Drive>,
}

/// A disk that is asked for its temperature by a command on its bus, which restarts the time after which
/// it would go to sleep, and wakes some, `Documentation/hwmon/drivetemp.rst`. The kernel does not know
/// whether it sleeps; but one that read or wrote just now does not.
struct Drive {
    name: Vec<u8>,
    requests: Option<u64>,
}

impl SensorReader {
    /// All sensors of devices that are or were awake, by chip.
    pub fn read(&mut self, files: &mut Files<'_>, tick: u32) -> Option<Vec<Sensor>> {
        if self.chips.is_none() || is_due(0, tick) {
            self.list(files);
        }
        let mut sensors = Vec::new();
        for (index, chip) in self.chips.as_mut()?.iter_mut().enumerate() {
            let awake = files.is_awake(&[b"sys/class/hwmon/", &chip.name, b"/device"]);
            if awake && (chip.known.is_none() || is_due(index, tick)) {
                let drive = chip.known.take().and_then(|known| known.drive);
                chip.known = learn(files, &chip.name, drive);
            }
            let Some(known) = &mut chip.known else { continue };
            let awake = awake && known.drive.as_mut().is_none_or(|drive| drive.has_worked(files));
            sensors.extend(known.sensors.iter().map(|(facts, input)| {
                let path = [&b"sys/class/hwmon/"[..], &chip.name, known.inside, b"/", input];
                let value = |bytes: &[u8]| hwmon::value(facts.kind, bytes);
                Sensor {
                    facts: Arc::clone(facts),
                    value: awake.then(|| files.read(&path).and_then(value)).flatten(),
                }
            }));
        }
        Some(sensors)
    }

    fn list(&mut self, files: &mut Files<'_>) {
        let mut old = self.chips.take().unwrap_or_default();
        let known = |name: &Vec<u8>| {
            let at = old.iter().position(|chip| chip.name == *name)?;
            old.swap_remove(at).known
        };
        let mut known = known;
        let chip = |name: Vec<u8>| Chip { known: known(&name), name };
        self.chips = files.list(&[b"sys/class/hwmon"]).map(|names| names.into_iter().map(chip).collect());
    }
}

impl Drive {
    fn has_worked(&mut self, files: &mut Files<'_>) -> bool {
        let stat = files.read(&[b"sys/block/", &self.name, b"/stat"]);
        let counters = stat.map(crate::kernel::diskstats::parse_one);
        let requests = counters.and_then(|counters| counters.reads?.checked_add(counters.writes?));
        let before = std::mem::replace(&mut self.requests, requests);
        before.is_some() && before != requests
    }
}

fn learn(files: &mut Files<'_>, name: &[u8], drive: Option<Drive>) -> Option<Known> {
    let at = |file: &'static [u8]| [&b"sys/class/hwmon/"[..], name, file];
    let mut entries = files.list(&at(b""))?;
    let mut inside: &'static [u8] = b"";
    if !entries.iter().any(|entry| hwmon::attribute(entry).is_some())
        && entries.iter().all(|entry| entry != b"name")
    {
        inside = b"/device";
        entries = files.list(&at(inside)).unwrap_or_default();
    }
    let chip = files.text(&[b"sys/class/hwmon/", name, inside, b"/name"]);
    let device = files.link_name(&at(b"/device"));
    let drive = match chip.as_deref() {
        Some(b"drivetemp") => drive.or_else(|| drive_of(files, name)),
        _ => None,
    };
    let mut sensors = Vec::new();
    for entry in &entries {
        let Some(sensor) = hwmon::attribute(entry) else { continue };
        // Some powers are only known as an average.
        let averaged = sensor.kind == SensorKind::Power && sensor.item == b"average";
        if sensor.item != b"input" && !averaged {
            continue;
        }
        let stem = &entry[..entry.len() - sensor.item.len()];
        let has = |item: &[u8]| {
            entries.iter().any(|entry| entry.strip_prefix(stem).is_some_and(|rest| rest == item))
        };
        if averaged && has(b"input") {
            continue;
        }
        let mut limit = |item: &[u8]| {
            let path = [&b"sys/class/hwmon/"[..], name, inside, b"/", stem, item];
            has(item).then(|| files.read(&path).and_then(|bytes| hwmon::value(sensor.kind, bytes))).flatten()
        };
        let (min, max, critical) = (limit(b"min"), limit(b"max"), limit(b"crit"));
        let label = [&b"sys/class/hwmon/"[..], name, inside, b"/", stem, b"label"];
        let facts = SensorFacts {
            hwmon: name.into(),
            chip: chip.clone(),
            device: device.clone(),
            kind: sensor.kind,
            index: sensor.index,
            label: has(b"label").then(|| files.text(&label)).flatten(),
            min,
            max,
            critical,
        };
        sensors.push((Arc::new(facts), entry.clone()));
    }
    sensors.sort_by_key(|(facts, _)| (facts.kind, facts.index));
    Some(Known { inside, sensors, drive })
}

fn drive_of(files: &mut Files<'_>, chip: &[u8]) -> Option<Drive> {
    let disks = files.list(&[b"sys/class/hwmon/", chip, b"/device/block"])?;
    Some(Drive { name: disks.into_iter().next()?, requests: None })
}
