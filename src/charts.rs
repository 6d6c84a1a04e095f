//! The charts of the Resources page: one entry each, and everything loops over them.
//!
//! An entry says what its lines are at a moment and what stands beside them. Drawing is [`crate::chart`]'s,
//! memory [`crate::history`]'s; neither knows a chart by name.

use std::borrow::Cow;

use crate::chart::Kind;
use crate::kernel::net_dev::NetDev;
use crate::sample::Needs;
use crate::snapshot::{MemoryUse, Snapshot, counted};
use crate::units::{self, Unit, UnitStyle};

/// One chart.
pub struct Chart {
    /// Name in settings; never changes.
    pub id: &'static str,
    /// Title of its card.
    pub title: &'static str,
    /// What its axis measures.
    pub unit: Unit,
    /// How far the axis goes.
    pub range: Range,
    /// Lines or areas.
    pub kind: Kind,
    /// The files that must be read.
    pub needs: Needs,
    /// Its lines at a moment, the most important first.
    pub series: fn(&Snapshot, &UnitStyle) -> Vec<Series>,
    /// What stands below the lines' own numbers.
    pub facts: fn(&Snapshot, &UnitStyle) -> Vec<Fact>,
}

/// How far a value axis goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Always 0 to 100 %.
    Percent,
    /// As far as the values do.
    Fitting,
}

/// One line of a chart at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name in the history; the same line has the same name at every moment.
    pub key: Cow<'static, str>,
    /// Name for people.
    pub title: Cow<'static, str>,
    /// The value, in the chart's unit.
    pub value: Option<f64>,
    /// The value in words.
    pub text: String,
    /// More numbers of this line.
    pub details: Vec<Fact>,
}

/// A number with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: Cow<'static, str>,
    /// The number, written with its unit.
    pub text: String,
}

impl Fact {
    fn new(label: impl Into<Cow<'static, str>>, text: String) -> Self {
        Self { label: label.into(), text }
    }
}

/// All charts, in the order of their cards.
pub static CHARTS: &[Chart] = &[
    Chart {
        id: "cpu",
        title: "CPU",
        unit: Unit::Fraction,
        range: Range::Percent,
        kind: Kind::Line,
        needs: Needs::CPU.union(Needs::LOAD),
        series: cpu_series,
        facts: cpu_facts,
    },
    Chart {
        id: "memory",
        title: "Memory and Swap",
        unit: Unit::Fraction,
        range: Range::Percent,
        kind: Kind::Filled,
        needs: Needs::MEMORY,
        series: memory_series,
        facts: |_, _| Vec::new(),
    },
    Chart {
        id: "network",
        title: "Network",
        unit: Unit::BytesPerSecond,
        range: Range::Fitting,
        kind: Kind::Filled,
        needs: Needs::NETWORK.union(Needs::LINKS),
        series: network_series,
        facts: |_, _| Vec::new(),
    },
];

/// What all charts need.
#[must_use]
pub fn needs() -> Needs {
    CHARTS.iter().fold(Needs::empty(), |needs, chart| needs | chart.needs)
}

fn percent(value: Option<f64>) -> String {
    units::text(Unit::Fraction, value, &UnitStyle::default())
}

/// The machine as a whole, then each CPU.
fn cpu_series(snapshot: &Snapshot, _: &UnitStyle) -> Vec<Series> {
    let shares = snapshot.cpu.as_ref();
    let busy = shares.and_then(|cpu| cpu.total.busy);
    let line = |key: Cow<'static, str>, title: Cow<'static, str>, value| Series {
        key,
        title,
        value,
        text: percent(value),
        details: Vec::new(),
    };
    let each =
        snapshot.sample.system.stat.iter().flat_map(|stat| &stat.cpus).enumerate().map(|(index, cpu)| {
            let share = shares.and_then(|shares| shares.cpus.get(index)).and_then(|(_, share)| share.busy);
            line(format!("cpu{}", cpu.number).into(), format!("CPU {}", cpu.number).into(), share)
        });
    std::iter::once(line("all".into(), "All CPUs".into(), busy)).chain(each).collect()
}

fn cpu_facts(snapshot: &Snapshot, style: &UnitStyle) -> Vec<Fact> {
    let mut facts = Vec::new();
    let system = &snapshot.sample.system;
    if let Some(load) = &system.load
        && let (Some(one), Some(five), Some(fifteen)) =
            (load.one_minute, load.five_minutes, load.fifteen_minutes)
    {
        facts.push(Fact::new("Load Average", format!("{one:.2}  {five:.2}  {fifteen:.2}")));
    }
    if let Some(threads) = system.load.as_ref().and_then(|load| load.total) {
        facts.push(Fact::new("Threads", units::text(Unit::Count, u64::from(threads), style)));
    }
    if let Some(model) = &snapshot.sample.machine.cpu_model {
        facts.push(Fact::new("Model", model.to_string()));
    }
    facts
}

fn memory_series(snapshot: &Snapshot, style: &UnitStyle) -> Vec<Series> {
    let memory = snapshot.sample.system.memory.as_ref().and_then(MemoryUse::of);
    let bytes = |bytes: u64| units::text(Unit::Bytes, bytes, style);
    let share = |used: u64, total: u64| (total > 0).then(|| used as f64 / total as f64);
    let of_total =
        |used, total| format!("{} ({}) of {}", bytes(used), percent(share(used, total)), bytes(total));
    let mut main = Series {
        key: "memory".into(),
        title: "Memory".into(),
        value: None,
        text: units::UNKNOWN.to_owned(),
        details: Vec::new(),
    };
    let mut swap = Series { key: "swap".into(), title: "Swap".into(), ..main.clone() };
    if let Some(memory) = memory {
        main.value = share(memory.used, memory.total);
        main.text = of_total(memory.used, memory.total);
        main.details =
            vec![Fact::new("Cache", bytes(memory.cache)), Fact::new("Available", bytes(memory.available))];
        "not available".clone_into(&mut swap.text);
        if let Some((used, total)) = memory.swap {
            swap.value = share(used, total);
            swap.text = of_total(used, total);
        }
    }
    vec![main, swap]
}

/// The machine's traffic with others: what passes a bridge or a tunnel passes a card too and counts once.
fn network_series(snapshot: &Snapshot, style: &UnitStyle) -> Vec<Series> {
    let system = &snapshot.sample.system;
    let interfaces = system.network.as_deref().unwrap_or_default();
    let counted = counted(interfaces, system.links.as_ref().map(|links| links.as_slice()));
    let total = |bytes: fn(&NetDev) -> Option<u64>| {
        let chosen = interfaces.iter().zip(&counted).filter(|(_, counted)| **counted);
        chosen.filter_map(|(interface, _)| bytes(interface)).reduce(u64::saturating_add)
    };
    let line = |key: &'static str, title: &'static str, of_total: &'static str, rate, total: Option<u64>| {
        let totals = Fact::new(of_total, units::text(Unit::Bytes, total, style));
        let text = units::text(Unit::BytesPerSecond, rate, style);
        Series { key: key.into(), title: title.into(), value: rate, text, details: vec![totals] }
    };
    let rates = snapshot.network_total();
    vec![
        line("received", "Receiving", "Total Received", rates.received, total(|card| card.received.bytes)),
        line("sent", "Sending", "Total Sent", rates.sent, total(|card| card.sent.bytes)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{loadavg, meminfo, net_dev, stat};
    use crate::sample::Sample;
    use std::collections::HashSet;
    use std::sync::Arc;

    #[test]
    fn every_entry_is_complete_and_unique() {
        let mut ids = HashSet::new();
        for chart in CHARTS {
            assert!(ids.insert(chart.id), "{} twice", chart.id);
            assert!(!chart.title.is_empty() && !chart.needs.is_empty(), "{}", chart.id);
        }
    }

    fn moment(second: u64, busy: u64, bytes: u64) -> Sample {
        let mut sample = Sample::default();
        sample.time.monotonic_ns = second * 1_000_000_000;
        sample.time.boottime_ns = sample.time.monotonic_ns;
        let idle = 200 - busy;
        let text = format!("cpu {busy} 0 0 {idle}\ncpu0 {busy} 0 0 {}\ncpu3 0 0 0 100\n", 100 - busy);
        sample.system.stat = Some(stat::parse(text.as_bytes()));
        sample.system.load = Some(loadavg::parse(b"0.50 0.25 0.10 1/123 4567\n"));
        sample.system.memory = Some(meminfo::parse(
            b"MemTotal: 4096 kB\nMemFree: 1024 kB\nMemAvailable: 3072 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
        ));
        let line = format!("{bytes} 0 0 0 0 0 0 0 {bytes} 0 0 0 0 0 0 0");
        sample.system.network = Some(net_dev::parse(
            format!("a|b\nc|d\n    lo: {line}\n  eth0: {line}\n wlan0: {line}\n").as_bytes(),
        ));
        sample
    }

    fn texts(id: &str, snapshot: &Snapshot) -> Vec<(String, Option<f64>, String)> {
        let chart = CHARTS.iter().find(|chart| chart.id == id).unwrap();
        let series = (chart.series)(snapshot, &UnitStyle::default());
        series.into_iter().map(|line| (line.title.into_owned(), line.value, line.text)).collect()
    }

    #[test]
    fn every_line_of_every_chart_from_two_samples() {
        let before = moment(0, 0, 0);
        let mut now = moment(1, 50, 1024);
        now.system.stat = Some(stat::parse(b"cpu 50 0 0 250\ncpu0 50 0 0 150\ncpu3 0 0 0 100\n"));
        let snapshot = Snapshot::new(Some(&before), Arc::new(now));
        let cpu = texts("cpu", &snapshot);
        assert_eq!(cpu[0], ("All CPUs".into(), Some(0.5), "50.0\u{a0}%".into()));
        assert_eq!(cpu[1], ("CPU 0".into(), Some(0.5), "50.0\u{a0}%".into()));
        assert_eq!(cpu[2].0, "CPU 3", "numbers are the kernel's, with their gaps");
        let memory = texts("memory", &snapshot);
        assert_eq!(memory[0].2, "1.0\u{a0}MiB (25.0\u{a0}%) of 4.0\u{a0}MiB");
        assert_eq!(memory[1], ("Swap".into(), None, "not available".into()));
        let network = texts("network", &snapshot);
        assert_eq!(network[0], ("Receiving".into(), Some(2048.0), "2.0\u{a0}KiB/s".into()));
    }

    #[test]
    fn nothing_known_is_said_as_unknown() {
        let snapshot = Snapshot::new(None, Arc::new(Sample::default()));
        for chart in CHARTS {
            for line in (chart.series)(&snapshot, &UnitStyle::default()) {
                assert_eq!((line.value, line.text.as_str()), (None, units::UNKNOWN), "{}", chart.id);
            }
        }
    }
}
