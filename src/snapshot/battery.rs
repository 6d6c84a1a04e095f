//! A battery as people count it.

use crate::sample::{Supply, SupplyStatus};

/// Charge, wear and flow of a battery, whichever way its driver counts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BatteryUse {
    /// Charge, 0…1.
    pub charge: Option<f64>,
    /// What it holds when full of what it was built to hold, 0…1.
    pub health: Option<f64>,
    /// Watts that flow in or out; never negative, the status tells which way.
    pub watts: Option<f64>,
    /// Seconds until it is full or empty, if it goes on like this.
    pub seconds_left: Option<f64>,
}

impl BatteryUse {
    /// What a supply says in these terms.
    #[must_use]
    pub fn of(supply: &Supply) -> Self {
        let design = (supply.facts.energy_design_watt_hours, supply.facts.charge_design_ampere_hours);
        let full = (supply.energy_full_watt_hours, supply.charge_full_ampere_hours);
        let now = (supply.energy_watt_hours, supply.charge_ampere_hours);
        let gauge = supply.capacity_percent.map(|percent| f64::from(percent) / 100.0);
        // The sign of what flows is the driver's taste.
        let amperes = supply.current_amperes.map(f64::abs);
        let product = amperes.zip(supply.voltage_volts).map(|(amperes, volts)| amperes * volts);
        let watts = supply.power_watts.map(f64::abs).or(product);
        let left = match supply.status {
            Some(SupplyStatus::Discharging) => hours(now.0, watts).or(hours(now.1, amperes)),
            Some(SupplyStatus::Charging) => {
                let missing = |(full, now)| Some(f64::max(full? - now?, 0.0));
                hours(missing((full.0, now.0)), watts).or(hours(missing((full.1, now.1)), amperes))
            }
            Some(SupplyStatus::NotCharging | SupplyStatus::Full) | None => None,
        };
        Self {
            charge: gauge.or(share(now.0, full.0)).or(share(now.1, full.1)),
            health: share(full.0, design.0).or(share(full.1, design.1)),
            watts,
            seconds_left: left.map(|hours| hours * 3600.0),
        }
    }
}

fn share(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    let (part, whole) = (part?, whole.filter(|&whole| whole > 0.0)?);
    Some((part / whole).clamp(0.0, 1.0))
}

/// Hours that an amount lasts; unknown beyond a week, when next to nothing flows.
fn hours(amount: Option<f64>, flow: Option<f64>) -> Option<f64> {
    const WEEK: f64 = 7.0 * 24.0;
    let hours = amount? / flow.filter(|&flow| flow > 0.0)?;
    (hours <= WEEK).then_some(hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energy_and_charge_say_the_same() {
        let energy = Supply {
            status: Some(SupplyStatus::Discharging),
            capacity_percent: Some(70),
            energy_watt_hours: Some(30.0),
            energy_full_watt_hours: Some(40.0),
            power_watts: Some(-10.0),
            ..Supply::default()
        };
        let use_of = BatteryUse::of(&energy);
        assert_eq!((use_of.charge, use_of.watts), (Some(0.7), Some(10.0)), "the gauge before the ratio");
        assert_eq!((use_of.seconds_left, use_of.health), (Some(3.0 * 3600.0), None));
        let charge = Supply {
            status: Some(SupplyStatus::Charging),
            charge_ampere_hours: Some(3.0),
            charge_full_ampere_hours: Some(4.0),
            current_amperes: Some(-0.5),
            voltage_volts: Some(12.0),
            ..Supply::default()
        };
        let use_of = BatteryUse::of(&charge);
        assert_eq!((use_of.charge, use_of.watts), (Some(0.75), Some(6.0)));
        assert_eq!(use_of.seconds_left, Some(2.0 * 3600.0));
    }

    #[test]
    fn nothing_flows_and_nothing_is_known() {
        let still = Supply {
            status: Some(SupplyStatus::Discharging),
            energy_watt_hours: Some(30.0),
            power_watts: Some(0.0),
            ..Supply::default()
        };
        assert_eq!(BatteryUse::of(&still).seconds_left, None);
        assert_eq!(BatteryUse::of(&Supply::default()), BatteryUse::default());
    }
}
