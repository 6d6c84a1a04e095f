//! Tables for people.

use std::io::{self, Write};

use crate::columns::{Column, Row};
use crate::names::display_name;
use crate::sample::{Machine, SupplyKind, SupplyStatus};
use crate::snapshot::{BatteryUse, MemoryUse, Snapshot};
use crate::units::{self, Unit, UnitStyle};

/// Writes a few lines about the system, then the processes as a table.
///
/// # Errors
/// When `out` takes no more.
pub fn text(
    out: &mut impl Write,
    snapshot: &Snapshot,
    columns: &[&Column],
    rows: &[Row<'_>],
) -> io::Result<()> {
    let style = UnitStyle::default();
    write_machine(out, &snapshot.sample.machine)?;
    write_cpu(out, snapshot, &style)?;
    write_memory(out, snapshot, &style)?;
    write_pressure(out, snapshot, &style)?;
    write_network(out, snapshot, &style)?;
    write_disks(out, snapshot, &style)?;
    write_batteries(out, snapshot, &style)?;
    write_file_systems(out, snapshot, &style)?;
    write!(out, "Processes  {}", rows.len())?;
    if !snapshot.sample.unreadable.is_empty() {
        write!(out, " and {} not readable", snapshot.sample.unreadable.len())?;
    }
    writeln!(out, "\n")?;
    write_table(out, columns, rows, &style)
}

fn write_machine(out: &mut impl Write, machine: &Machine) -> io::Result<()> {
    let Machine { host, distribution, kernel, cpu_model, .. } = machine;
    let kernel = kernel.as_ref().map(|release| format!("Linux {release}").into());
    let known = [host, distribution, &kernel, cpu_model].into_iter().flatten();
    let words: Vec<_> = known.map(|words| display_name(words.as_bytes())).collect();
    if words.is_empty() { Ok(()) } else { writeln!(out, "Machine    {}", words.join(", ")) }
}

fn write_cpu(out: &mut impl Write, snapshot: &Snapshot, style: &UnitStyle) -> io::Result<()> {
    let system = &snapshot.sample.system;
    if let Some(stat) = &system.stat {
        let busy = snapshot.cpu.as_ref().and_then(|cpu| cpu.total.busy);
        writeln!(out, "CPU        {} of {} CPUs", units::text(Unit::Fraction, busy, style), stat.cpus.len())?;
    }
    if let Some(load) = &system.load {
        let averages = [load.one_minute, load.five_minutes, load.fifteen_minutes];
        let words = averages.map(|load| load.map_or(units::UNKNOWN.to_owned(), |load| format!("{load:.2}")));
        writeln!(out, "Load       {}", words.join(" "))?;
    }
    if let Some(up) = system.uptime.and_then(|uptime| uptime.uptime_secs) {
        writeln!(out, "Up         {}", units::text(Unit::Seconds, up, style))?;
    }
    Ok(())
}

fn write_memory(out: &mut impl Write, snapshot: &Snapshot, style: &UnitStyle) -> io::Result<()> {
    let bytes = |bytes| units::text(Unit::Bytes, Some(bytes), style);
    let Some(memory) = snapshot.sample.system.memory.as_ref().and_then(MemoryUse::of) else {
        return Ok(());
    };
    let MemoryUse { total, used, cache, available, swap } = memory;
    let [total, used, cache, available] = [total, used, cache, available].map(bytes);
    writeln!(out, "Memory     {used} of {total} used, {cache} cache, {available} available")?;
    match swap {
        Some((used, total)) => writeln!(out, "Swap       {} of {} used", bytes(used), bytes(total)),
        None => Ok(()),
    }
}

fn write_network(out: &mut impl Write, snapshot: &Snapshot, style: &UnitStyle) -> io::Result<()> {
    let rate = |rate| units::text(Unit::BytesPerSecond, rate, style);
    for (interface, rates) in snapshot.sample.system.network.iter().flatten().zip(&snapshot.network) {
        let (received, sent) = (rate(rates.received), rate(rates.sent));
        writeln!(out, "Network    {}: {received} received, {sent} sent", display_name(&interface.name))?;
    }
    Ok(())
}

/// The share of the interval that at least one task lost; of the last 10 seconds when there is no interval.
fn write_pressure(out: &mut impl Write, snapshot: &Snapshot, style: &UnitStyle) -> io::Result<()> {
    let Some(all) = &snapshot.sample.system.pressure else { return Ok(()) };
    let shares = &snapshot.pressure;
    let resources = [
        ("CPU", all.cpu, shares.cpu),
        ("memory", all.memory, shares.memory),
        ("I/O", all.io, shares.io),
        ("interrupts", all.irq, shares.irq),
    ];
    let words = resources.into_iter().filter_map(|(resource, pressure, share)| {
        let average = pressure?.some?.avg10.map(|percent| percent / 100.0);
        Some(format!("{resource} {}", units::text(Unit::Fraction, share.some.or(average), style)))
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() { Ok(()) } else { writeln!(out, "Pressure   {}", words.join(", ")) }
}

/// Disks that hold something or did something; not their partitions.
fn write_disks(out: &mut impl Write, snapshot: &Snapshot, style: &UnitStyle) -> io::Result<()> {
    let system = &snapshot.sample.system;
    for (disk, rates) in system.disks.iter().flatten().zip(&snapshot.disks) {
        let facts = system.disk_facts.iter().flat_map(|all| all.iter()).find(|facts| facts.name == disk.name);
        // A loop device or drive without a medium has no size.
        let Some(facts) = facts.filter(|facts| facts.size_bytes != Some(0)) else { continue };
        let rate = |rate| units::text(Unit::BytesPerSecond, rate, style);
        let model = facts.model.as_ref().map_or(String::new(), |model| format!(" ({})", display_name(model)));
        writeln!(
            out,
            "Disk       {}{model}: {} read, {} written, {} busy",
            display_name(&disk.name),
            rate(rates.read),
            rate(rates.written),
            units::text(Unit::Fraction, rates.busy, style),
        )?;
    }
    Ok(())
}

fn write_batteries(out: &mut impl Write, snapshot: &Snapshot, style: &UnitStyle) -> io::Result<()> {
    let supplies = snapshot.sample.system.power.iter().flatten();
    for supply in supplies.filter(|supply| supply.facts.kind == Some(SupplyKind::Battery)) {
        let battery = BatteryUse::of(supply);
        let status = match supply.status {
            Some(SupplyStatus::Charging) => ", charging",
            Some(SupplyStatus::Discharging) => ", discharging",
            Some(SupplyStatus::NotCharging) => ", not charging",
            Some(SupplyStatus::Full) => ", full",
            None => "",
        };
        let watts = units::text(Unit::Watts, battery.watts, style);
        let charge = units::text(Unit::Fraction, battery.charge, style);
        writeln!(out, "Battery    {}: {charge}{status}, {watts}", display_name(&supply.facts.name))?;
    }
    Ok(())
}

fn write_file_systems(out: &mut impl Write, snapshot: &Snapshot, style: &UnitStyle) -> io::Result<()> {
    let bytes = |bytes| units::text(Unit::Bytes, bytes, style);
    let all = snapshot.sample.system.file_systems.iter().flat_map(|all| all.iter());
    for file_system in all.filter(|file_system| file_system.ordinary) {
        writeln!(
            out,
            "Files      {} on {}: {} of {} used",
            display_name(&file_system.device),
            display_name(&file_system.directory),
            bytes(file_system.usage.used()),
            bytes(file_system.usage.total()),
        )?;
    }
    Ok(())
}

/// More than this cannot be asked of a format string. Command lines may be longer.
const WIDEST: usize = u16::MAX as usize;

/// Columns as wide as their widest cell; the last one, when it is words, is not padded.
fn write_table(
    out: &mut impl Write,
    columns: &[&Column],
    rows: &[Row<'_>],
    style: &UnitStyle,
) -> io::Result<()> {
    let title = |column: &&Column| column.title.to_owned();
    let cell = |column: &&Column, row: &Row<'_>| {
        let mut text = String::new();
        (column.value)(row).write(column.unit, style, &mut text);
        text
    };
    let titles: Vec<_> = columns.iter().map(title).collect();
    let cells = rows.iter().map(|row| columns.iter().map(|column| cell(column, row)).collect());
    let lines: Vec<Vec<String>> = std::iter::once(titles).chain(cells).collect();
    let mut widths = vec![0; columns.len()];
    for line in &lines {
        for (width, text) in widths.iter_mut().zip(line) {
            *width = text.chars().count().clamp(*width, WIDEST);
        }
    }
    for line in &lines {
        let mut gap = "";
        for (index, ((text, column), &width)) in line.iter().zip(columns).zip(&widths).enumerate() {
            out.write_all(gap.as_bytes())?;
            gap = "  ";
            match (column.is_numeric(), index + 1 == columns.len()) {
                (true, _) => write!(out, "{text:>width$}")?,
                (false, false) => write!(out, "{text:<width$}")?,
                (false, true) => write!(out, "{text}")?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
