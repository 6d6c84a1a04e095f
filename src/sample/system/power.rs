//! Batteries and chargers of `/sys/class/power_supply`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::files::{Files, is_due};
use crate::kernel::sysfs;

/// One battery or charger, `Documentation/ABI/testing/sysfs-class-power`. What a driver does not tell is
/// `None`; batteries count energy or charge, seldom both.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Supply {
    /// What stays.
    pub facts: Arc<SupplyFacts>,
    /// What it does.
    pub status: Option<SupplyStatus>,
    /// A charger is plugged in.
    pub online: Option<bool>,
    /// A battery is in its bay.
    pub present: Option<bool>,
    /// Charge in percent, 0…100.
    pub capacity_percent: Option<u8>,
    /// Energy in it now.
    pub energy_watt_hours: Option<f64>,
    /// Energy in it when full.
    pub energy_full_watt_hours: Option<f64>,
    /// Charge in it now.
    pub charge_ampere_hours: Option<f64>,
    /// Charge in it when full.
    pub charge_full_ampere_hours: Option<f64>,
    /// What flows in or out; some drivers make it negative while it flows out.
    pub power_watts: Option<f64>,
    /// The current of that, with the same doubt about its sign.
    pub current_amperes: Option<f64>,
    /// Voltage now.
    pub voltage_volts: Option<f64>,
    /// How often it was charged; 0 of most firmware means that nobody counts, and is unknown.
    pub cycles: Option<u32>,
}

/// What stays of a battery or charger.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SupplyFacts {
    /// Directory in `/sys/class/power_supply`, `BAT0`.
    pub name: Box<[u8]>,
    /// What it is.
    pub kind: Option<SupplyKind>,
    /// Feeds a mouse or a headset, not the machine.
    pub of_device: Option<bool>,
    /// Who made it.
    pub manufacturer: Option<Box<[u8]>>,
    /// What the maker calls it.
    pub model: Option<Box<[u8]>>,
    /// Serial number.
    pub serial: Option<Box<[u8]>>,
    /// Chemistry, `Li-ion`.
    pub technology: Option<Box<[u8]>>,
    /// Energy that it was built to hold.
    pub energy_design_watt_hours: Option<f64>,
    /// Charge that it was built to hold.
    pub charge_design_ampere_hours: Option<f64>,
    /// Voltage that it was built for, the lowest.
    pub voltage_design_volts: Option<f64>,
}

/// `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyKind {
    /// Holds energy.
    Battery,
    /// Charger at the wall.
    Mains,
    /// Charger by USB.
    Usb,
    /// Charger by induction.
    Wireless,
    /// Battery of the whole machine, outside it.
    Ups,
    /// Something else.
    Other,
}

/// `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyStatus {
    /// Energy flows in.
    Charging,
    /// Energy flows out.
    Discharging,
    /// Plugged in, but kept as it is.
    NotCharging,
    /// Full.
    Full,
}

/// Remembers which supplies there are and reads how they are.
#[derive(Default)]
pub struct PowerReader {
    supplies: Option<Vec<Known>>,
}

struct Known {
    name: Vec<u8>,
    /// Read when the device was awake for the first time.
    facts: Option<Arc<SupplyFacts>>,
    /// The files that there are, so that no others are opened.
    files: Vec<Vec<u8>>,
}

impl PowerReader {
    /// All supplies that are awake, by name.
    pub fn read(&mut self, files: &mut Files<'_>, tick: u32) -> Option<Vec<Supply>> {
        if self.supplies.is_none() || is_due(0, tick) {
            let known = self.supplies.take().unwrap_or_default();
            let names = files.list(&[b"sys/class/power_supply"]);
            let same = names.as_ref().is_some_and(|names| names.iter().eq(known.iter().map(|old| &old.name)));
            let new = |name| Known { name, facts: None, files: Vec::new() };
            self.supplies =
                if same { Some(known) } else { names.map(|names| names.into_iter().map(new).collect()) };
        }
        let mut supplies = Vec::new();
        for (index, known) in self.supplies.as_mut()?.iter_mut().enumerate() {
            // A wireless mouse may sleep.
            if !files.is_awake(&[b"sys/class/power_supply/", &known.name, b"/device"]) {
                continue;
            }
            let due = is_due(index, tick);
            if due || known.facts.is_none() {
                let Some(there) = files.list(&[b"sys/class/power_supply/", &known.name]) else { continue };
                known.files = there;
                let mut supply = SupplyFiles { files, name: &known.name, there: &known.files };
                known.facts = Some(Arc::new(supply.facts()));
            }
            let Some(facts) = known.facts.clone() else { continue };
            supplies.push(SupplyFiles { files, name: &known.name, there: &known.files }.state(facts));
        }
        Some(supplies)
    }
}

/// The files of one supply.
struct SupplyFiles<'a, 'f> {
    files: &'a mut Files<'f>,
    name: &'a [u8],
    there: &'a [Vec<u8>],
}

impl SupplyFiles<'_, '_> {
    fn read(&mut self, file: &[u8]) -> Option<&[u8]> {
        if !self.there.iter().any(|name| name == file) {
            return None;
        }
        self.files.read(&[b"sys/class/power_supply/", self.name, b"/", file])
    }

    fn text(&mut self, file: &[u8]) -> Option<Box<[u8]>> {
        self.read(file).and_then(sysfs::trimmed).map(Into::into)
    }

    /// A number of millionths.
    fn micro(&mut self, file: &[u8]) -> Option<f64> {
        // No supply has kilowatts; firmware that does not know says 2³² − 1 or 2³¹.
        let raw: i32 = self.read(file).and_then(sysfs::signed)?;
        (raw.unsigned_abs() < i32::MAX.unsigned_abs()).then(|| f64::from(raw) / 1e6)
    }

    /// Millionths of what cannot be negative.
    fn amount(&mut self, file: &[u8]) -> Option<f64> {
        self.micro(file).filter(|&amount| amount >= 0.0)
    }

    fn flag(&mut self, file: &[u8]) -> Option<bool> {
        // A charger by USB says 2 for "online and programmable".
        self.read(file).and_then(sysfs::unsigned::<u8>).map(|online| online > 0)
    }

    fn facts(&mut self) -> SupplyFacts {
        let kind = self.read(b"type").and_then(sysfs::trimmed).map(|kind| match kind {
            b"Battery" => SupplyKind::Battery,
            b"Mains" => SupplyKind::Mains,
            b"Wireless" => SupplyKind::Wireless,
            b"UPS" => SupplyKind::Ups,
            _ if kind.starts_with(b"USB") => SupplyKind::Usb,
            _ => SupplyKind::Other,
        });
        SupplyFacts {
            name: self.name.into(),
            kind,
            of_device: match self.there.iter().any(|name| name == b"scope") {
                true => self.read(b"scope").map(|scope| scope.trim_ascii() == b"Device"),
                // Only drivers of both sorts tell.
                false => Some(false),
            },
            manufacturer: self.text(b"manufacturer"),
            model: self.text(b"model_name"),
            serial: self.text(b"serial_number"),
            technology: self.text(b"technology").filter(|technology| **technology != *b"Unknown"),
            energy_design_watt_hours: self.amount(b"energy_full_design"),
            charge_design_ampere_hours: self.amount(b"charge_full_design"),
            voltage_design_volts: self.amount(b"voltage_min_design"),
        }
    }

    fn state(&mut self, facts: Arc<SupplyFacts>) -> Supply {
        let status = self.read(b"status").and_then(|status| match status.trim_ascii() {
            b"Charging" => Some(SupplyStatus::Charging),
            b"Discharging" => Some(SupplyStatus::Discharging),
            b"Not charging" => Some(SupplyStatus::NotCharging),
            b"Full" => Some(SupplyStatus::Full),
            _ => None,
        });
        Supply {
            status,
            online: self.flag(b"online"),
            present: self.flag(b"present"),
            capacity_percent: self.read(b"capacity").and_then(sysfs::signed).and_then(capacity),
            energy_watt_hours: self.amount(b"energy_now"),
            energy_full_watt_hours: self.amount(b"energy_full"),
            charge_ampere_hours: self.amount(b"charge_now"),
            charge_full_ampere_hours: self.amount(b"charge_full"),
            power_watts: self.micro(b"power_now"),
            current_amperes: self.micro(b"current_now"),
            voltage_volts: self.amount(b"voltage_now"),
            cycles: self.read(b"cycle_count").and_then(sysfs::unsigned).filter(|&cycles| cycles > 0),
            facts,
        }
    }
}

/// A worn battery's gauge overshoots by some percent; what is far off (255 for "unknown") says nothing.
fn capacity(percent: i32) -> Option<u8> {
    match percent {
        0..=100 => u8::try_from(percent).ok(),
        101..=120 => Some(100),
        -5..0 => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauges_that_overshoot_are_held_and_nonsense_is_absent() {
        assert_eq!([0, 70, 100, 102, -1].map(capacity), [Some(0), Some(70), Some(100), Some(100), Some(0)]);
        assert_eq!([255, -100, i32::MAX].map(capacity), [None; 3]);
    }
}
