//! The `system` object of the JSON report: raw numbers in base units, named as the library names them.

use serde_json::{Map, Value as Json, json};

use crate::kernel::pressure::{Pressure, PressureLine};
use crate::kernel::swaps::Swap;
use crate::names::display_name;
use crate::sample::{
    CpuFrequency, CpuTopology, DiskFacts, FileSystem, Link, Partition, Sensor, Supply, Usage, Zram,
};
use crate::snapshot::{BatteryUse, PressureShare, Snapshot};

/// Everything about the machine; what is not known is `null`, what it does not have an empty list.
pub fn system(snapshot: &Snapshot) -> Json {
    let (sample, system) = (&snapshot.sample, &snapshot.sample.system);
    let mut all = Map::new();
    all.insert("host".into(), json!(sample.machine.host));
    all.insert("kernel".into(), json!(sample.machine.kernel));
    all.insert("distribution".into(), json!(sample.machine.distribution));
    all.insert("boot_id".into(), json!(Some(&sample.machine.boot_id).filter(|id| !id.is_empty())));
    all.insert("uptime".into(), json!(system.uptime.and_then(|uptime| uptime.uptime_secs)));
    all.insert("cpu_model".into(), json!(sample.machine.cpu_model));
    all.insert("cpus".into(), json!(system.stat.as_ref().map(|stat| stat.cpus.len())));
    all.insert("cpu".into(), cpu(snapshot));
    all.insert("cpu_topology".into(), list(system.cpu_topology.as_deref(), cpu_topology));
    all.insert("cpu_frequency".into(), list(system.cpu_frequency.as_ref(), cpu_frequency));
    all.insert("stat".into(), json!(system.stat));
    all.insert("load".into(), json!(system.load));
    all.insert("memory".into(), json!(system.memory));
    all.insert("vm".into(), json!(system.vm));
    all.insert("rates".into(), kernel_rates(snapshot));
    all.insert("swaps".into(), list(system.swaps.as_ref(), swap));
    all.insert("zram".into(), list(system.zram.as_ref(), zram));
    all.insert("pressure".into(), pressure(snapshot));
    all.insert("network".into(), network(snapshot));
    all.insert("disks".into(), disks(snapshot));
    all.insert("sensors".into(), list(system.sensors.as_ref(), sensor));
    all.insert("power".into(), list(system.power.as_ref(), supply));
    let file_systems = system.file_systems.iter().flat_map(|all| all.iter()).map(file_system);
    all.insert("file_systems".into(), file_systems.collect());
    all.insert("processes_unreadable".into(), json!(sample.unreadable.len()));
    Json::Object(all)
}

fn list<T>(all: Option<&Vec<T>>, each: fn(&T) -> Json) -> Json {
    all.into_iter().flatten().map(each).collect()
}

fn name(name: &[u8]) -> Json {
    json!(display_name(name))
}

fn optional(name: Option<&[u8]>) -> Json {
    json!(name.map(display_name))
}

fn names(all: &[Box<[u8]>]) -> Json {
    all.iter().map(|one| name(one)).collect()
}

fn cpu(snapshot: &Snapshot) -> Json {
    json!(snapshot.cpu.as_ref().map(|cpu| {
        let share = &cpu.total;
        json!({
            "busy": share.busy, "user": share.user, "nice": share.nice, "system": share.system,
            "iowait": share.iowait, "interrupts": share.interrupts, "steal": share.steal,
            "each": cpu.cpus.iter().map(|(number, share)| json!({"cpu": number, "busy": share.busy}))
                .collect::<Vec<_>>(),
        })
    }))
}

fn cpu_topology(cpu: &CpuTopology) -> Json {
    // As ranges, first and last: a list of a few bytes may name many.
    json!({
        "cpu": cpu.number, "online": cpu.online, "package": cpu.package, "core": cpu.core,
        "thread_siblings": cpu.thread_siblings, "core_type": cpu.core_type, "capacity": cpu.capacity,
    })
}

fn cpu_frequency(cpu: &CpuFrequency) -> Json {
    json!({
        "cpu": cpu.number, "current_hz": cpu.current_hz, "min_hz": cpu.min_hz, "max_hz": cpu.max_hz,
        "limit_hz": cpu.limit_hz,
    })
}

fn kernel_rates(snapshot: &Snapshot) -> Json {
    let rates = &snapshot.kernel;
    json!({
        "paged_in": rates.paged_in, "paged_out": rates.paged_out,
        "swapped_in": rates.swapped_in, "swapped_out": rates.swapped_out,
        "faults": rates.faults, "major_faults": rates.major_faults, "oom_kills": rates.oom_kills,
        "context_switches": rates.context_switches, "forks": rates.forks,
    })
}

fn swap(swap: &Swap) -> Json {
    json!({
        "path": display_name(&swap.path), "kind": display_name(&swap.kind),
        "size_bytes": swap.size_bytes, "used_bytes": swap.used_bytes, "priority": swap.priority,
    })
}

fn zram(zram: &Zram) -> Json {
    json!({
        "name": display_name(&zram.name), "size_bytes": zram.size_bytes,
        "algorithm": optional(zram.algorithm.as_deref()), "memory": zram.memory,
    })
}

/// Our shares of the interval, the kernel's averages as shares of one, and its sum in seconds.
fn pressure(snapshot: &Snapshot) -> Json {
    let Some(all) = snapshot.sample.system.pressure else { return Json::Null };
    let shares = &snapshot.pressure;
    let line = |share: Option<f64>, line: Option<PressureLine>| {
        let line = line?;
        let part = |percent: Option<f64>| percent.map(|percent| percent / 100.0);
        let total = line.total_us.map(|us| us as f64 / 1e6);
        Some(json!({
            "share": share, "avg10": part(line.avg10), "avg60": part(line.avg60), "avg300": part(line.avg300),
            "total": total,
        }))
    };
    let resource = |pressure: Option<Pressure>, share: PressureShare| {
        let pressure = pressure?;
        Some(json!({"some": line(share.some, pressure.some), "full": line(share.full, pressure.full)}))
    };
    json!({
        "cpu": resource(all.cpu, shares.cpu), "memory": resource(all.memory, shares.memory),
        "io": resource(all.io, shares.io), "irq": resource(all.irq, shares.irq),
    })
}

fn network(snapshot: &Snapshot) -> Json {
    let system = &snapshot.sample.system;
    let mut links = system.links.iter().flat_map(|links| links.iter());
    let interface =
        |(interface, rates): (&crate::kernel::net_dev::NetDev, &crate::snapshot::InterfaceRates)| {
            let mut all = json!({
                "name": display_name(&interface.name),
                "received": rates.received,
                "sent": rates.sent,
                "received_bytes": interface.received.bytes,
                "sent_bytes": interface.sent.bytes,
                "received_packets": interface.received.packets,
                "sent_packets": interface.sent.packets,
                "received_errors": interface.received.errors,
                "sent_errors": interface.sent.errors,
                "received_dropped": interface.received.dropped,
                "sent_dropped": interface.sent.dropped,
            });
            // Both come from one reading of one file, in its order.
            if let (Some(link), Some(all)) = (links.next(), all.as_object_mut()) {
                all.extend(self::link(link));
            }
            all
        };
    system.network.iter().flatten().zip(&snapshot.network).map(interface).collect()
}

fn link(link: &Link) -> Map<String, Json> {
    let addresses = |all: Vec<String>| Json::from(all);
    let v4 =
        link.ipv4.as_ref().map(|all| all.iter().map(|(address, bits)| format!("{address}/{bits}")).collect());
    let v6 =
        link.ipv6.as_ref().map(|all| all.iter().map(|(address, bits)| format!("{address}/{bits}")).collect());
    let fields = [
        ("kind", json!(link.kind)),
        ("wireless", json!(link.wireless)),
        ("index", json!(link.index)),
        ("state", json!(link.state)),
        ("carrier", json!(link.carrier)),
        ("bits_per_second", json!(link.bits_per_second)),
        ("full_duplex", json!(link.full_duplex)),
        ("mtu_bytes", json!(link.mtu_bytes)),
        ("hardware_address", optional(link.hardware_address.as_deref())),
        ("master", optional(link.master.as_deref())),
        ("lower", names(&link.lower)),
        ("ipv4", v4.map_or(Json::Null, addresses)),
        ("ipv6", v6.map_or(Json::Null, addresses)),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Disks and partitions as the kernel lists them, disks with what they are.
fn disks(snapshot: &Snapshot) -> Json {
    let system = &snapshot.sample.system;
    let disk = |(disk, rates): (&crate::kernel::diskstats::Disk, &crate::snapshot::DiskRates)| {
        let facts = system.disk_facts.iter().flat_map(|all| all.iter()).find(|facts| facts.name == disk.name);
        json!({
            "name": display_name(&disk.name),
            "device": format!("{}:{}", disk.device.0, disk.device.1),
            "read": rates.read, "written": rates.written, "reads": rates.reads, "writes": rates.writes,
            "busy": rates.busy, "latency": rates.latency, "read_latency": rates.read_latency,
            "write_latency": rates.write_latency, "queue": rates.queue,
            "counters": disk.counters,
            "facts": facts.map(disk_facts),
        })
    };
    system.disks.iter().flatten().zip(&snapshot.disks).map(disk).collect()
}

fn disk_facts(disk: &DiskFacts) -> Json {
    let partition = |part: &Partition| {
        json!({
            "name": display_name(&part.name), "number": part.number, "size_bytes": part.size_bytes,
            "holders": names(&part.holders),
        })
    };
    json!({
        "model": optional(disk.model.as_deref()), "vendor": optional(disk.vendor.as_deref()),
        "serial": optional(disk.serial.as_deref()), "size_bytes": disk.size_bytes,
        "rotational": disk.rotational, "removable": disk.removable, "read_only": disk.read_only,
        "queue_requests": disk.queue_requests, "logical_block_bytes": disk.logical_block_bytes,
        "partitions": disk.partitions.iter().map(partition).collect::<Vec<_>>(),
        "holders": names(&disk.holders), "members": names(&disk.members),
    })
}

fn sensor(sensor: &Sensor) -> Json {
    let facts = &sensor.facts;
    json!({
        "hwmon": name(&facts.hwmon), "chip": optional(facts.chip.as_deref()),
        "device": optional(facts.device.as_deref()), "kind": facts.kind, "index": facts.index,
        "label": optional(facts.label.as_deref()), "value": sensor.value,
        "min": facts.min, "max": facts.max, "critical": facts.critical,
    })
}

fn supply(supply: &Supply) -> Json {
    let (facts, battery) = (&supply.facts, BatteryUse::of(supply));
    json!({
        "name": name(&facts.name), "kind": facts.kind, "of_device": facts.of_device,
        "manufacturer": optional(facts.manufacturer.as_deref()), "model": optional(facts.model.as_deref()),
        "serial": optional(facts.serial.as_deref()), "technology": optional(facts.technology.as_deref()),
        "status": supply.status, "online": supply.online, "present": supply.present,
        "charge": battery.charge, "health": battery.health, "watts": battery.watts,
        "seconds_left": battery.seconds_left, "capacity_percent": supply.capacity_percent,
        "energy_watt_hours": supply.energy_watt_hours,
        "energy_full_watt_hours": supply.energy_full_watt_hours,
        "energy_design_watt_hours": facts.energy_design_watt_hours,
        "charge_ampere_hours": supply.charge_ampere_hours,
        "charge_full_ampere_hours": supply.charge_full_ampere_hours,
        "charge_design_ampere_hours": facts.charge_design_ampere_hours,
        "power_watts": supply.power_watts, "current_amperes": supply.current_amperes,
        "voltage_volts": supply.voltage_volts, "voltage_design_volts": facts.voltage_design_volts,
        "cycles": supply.cycles,
    })
}

fn file_system(file_system: &FileSystem) -> Json {
    json!({
        "device": display_name(&file_system.device),
        "directory": display_name(&file_system.directory),
        "type": display_name(&file_system.kind),
        "options": display_name(&file_system.options),
        "total": file_system.usage.total(),
        "used": file_system.usage.used(),
        "free": file_system.usage.free(),
        "available": file_system.usage.available(),
        "responding": file_system.usage != Usage::NotResponding,
    })
}
