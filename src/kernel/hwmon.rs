//! Files of `/sys/class/hwmon/*`: what their names mean and what their values measure.

use serde::{Deserialize, Serialize};

use super::{sysfs, text};

/// What a sensor measures, `Documentation/hwmon/sysfs-interface.rst`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SensorKind {
    /// A temperature, in degrees Celsius.
    Temperature,
    /// A fan, in rotations per minute.
    Fan,
    /// A voltage, in volts.
    Voltage,
    /// A current, in amperes.
    Current,
    /// A power, in watts.
    Power,
    /// A relative humidity, a share of one.
    Humidity,
}

/// The name of an attribute taken apart: `temp1_input` is the `input` of the first temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// What is measured.
    pub kind: SensorKind,
    /// Which one of this kind.
    pub index: u32,
    /// `input`, `label`, `crit`…
    pub item: &'a [u8],
}

/// Kinds by the beginning of their files' names, with how many of the file's units make one of ours.
const KINDS: [(&[u8], SensorKind, f64); 6] = [
    (b"temp", SensorKind::Temperature, 1e3),
    (b"fan", SensorKind::Fan, 1.0),
    (b"in", SensorKind::Voltage, 1e3),
    (b"curr", SensorKind::Current, 1e3),
    (b"power", SensorKind::Power, 1e6),
    (b"humidity", SensorKind::Humidity, 1e5),
];

/// Takes a file name apart; `None` for files that belong to no sensor (`name`, `pwm1`, `intrusion0_alarm`).
#[must_use]
pub fn attribute(name: &[u8]) -> Option<Attribute<'_>> {
    let (sensor, item) = text::split_at_byte(name, b'_')?;
    let (kind, index) = KINDS
        .iter()
        .find_map(|(prefix, kind, _)| Some((*kind, text::number(sensor.strip_prefix(*prefix)?)?)))?;
    Some(Attribute { kind, index, item })
}

/// The value of an `input`, `crit`, `max`… in the kind's unit; `None` where it makes no sense: below
/// absolute zero, hotter than any chip, a fan that turns backwards.
#[must_use]
pub fn value(kind: SensorKind, bytes: &[u8]) -> Option<f64> {
    let (.., scale) = KINDS.iter().find(|(_, of, _)| *of == kind)?;
    let raw: i32 = match kind {
        // 2³¹ microwatts would be two kilowatts: some servers take more.
        SensorKind::Power => return sysfs::unsigned::<u32>(bytes).map(|raw| f64::from(raw) / scale),
        _ => sysfs::signed(bytes)?,
    };
    let value = f64::from(raw) / scale;
    let plausible = match kind {
        SensorKind::Temperature => (-273.15..=1000.0).contains(&value),
        SensorKind::Fan => value >= 0.0,
        SensorKind::Humidity => (0.0..=1.0).contains(&value),
        SensorKind::Voltage | SensorKind::Current | SensorKind::Power => true,
    };
    plausible.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let input = Attribute { kind: SensorKind::Temperature, index: 12, item: b"input" };
        assert_eq!(attribute(b"temp12_input"), Some(input));
        assert_eq!(attribute(b"in0_crit_alarm").map(|a| (a.kind, a.item)), {
            Some((SensorKind::Voltage, &b"crit_alarm"[..]))
        });
        for other in [&b"name"[..], b"intrusion0_alarm", b"pwm1_enable", b"temp_input", b"tempx_input", b"_"]
        {
            assert_eq!(attribute(other), None, "{}", other.escape_ascii());
        }
    }

    #[test]
    fn values_are_in_base_units_or_absent() {
        assert_eq!(value(SensorKind::Temperature, b"41850\n"), Some(41.85));
        assert_eq!(value(SensorKind::Temperature, b"-5000\n"), Some(-5.0));
        assert_eq!(value(SensorKind::Temperature, b"-274000\n"), None);
        assert_eq!(value(SensorKind::Temperature, b"2147483647\n"), None);
        assert_eq!(value(SensorKind::Fan, b"2410\n"), Some(2410.0));
        assert_eq!(value(SensorKind::Fan, b"-1\n"), None);
        assert_eq!(value(SensorKind::Voltage, b"-12016\n"), Some(-12.016));
        assert_eq!(value(SensorKind::Current, b"500\n"), Some(0.5));
        assert_eq!(value(SensorKind::Power, b"4000000000\n"), Some(4000.0));
        assert_eq!(value(SensorKind::Power, b"N/A\n"), None);
        assert_eq!(value(SensorKind::Humidity, b"45000\n"), Some(0.45));
    }
}
