//! The hand-made laptop, value by value, and a captured machine that has no `/sys`.

use gnomon::kernel::hwmon::SensorKind;
use gnomon::report;
use gnomon::sample::{Demand, LinkKind, LinkState, Sampler, SupplyKind, SupplyStatus, System};
use gnomon::snapshot::{BatteryUse, Snapshot};
use gnomon::source::Source;
use serde_json::{Value as Json, json};

use super::{everything, fixture, sampled};

fn laptop() -> System {
    sampled(&fixture("laptop"), everything())
}

fn text(bytes: Option<&[u8]>) -> Option<&str> {
    bytes.map(|bytes| std::str::from_utf8(bytes).unwrap())
}

#[test]
fn cpus() {
    let system = laptop();
    let topology = system.cpu_topology.unwrap();
    let places: Vec<_> = topology.iter().map(|cpu| (cpu.number, cpu.online, cpu.package, cpu.core)).collect();
    let at = |number, core| (number, Some(true), Some(0), Some(core));
    assert_eq!(places, [at(0, 0), at(1, 1), at(2, 0), at(3, 1)]);
    assert_eq!(topology[3].thread_siblings, [(1, 1), (3, 3)]);
    assert_eq!((topology[0].core_type, topology[0].capacity), (None, None));
    let frequency = system.cpu_frequency.unwrap();
    let now: Vec<_> = frequency.iter().map(|cpu| cpu.current_hz.unwrap()).collect();
    assert_eq!(now, [2_400_012_000, 1_800_004_000, 799_988_000, 3_100_020_000]);
    let limits = (frequency[2].min_hz, frequency[2].max_hz, frequency[2].limit_hz);
    assert_eq!(limits, (Some(400_000_000), Some(3_100_000_000), Some(3_100_000_000)));
}

#[test]
fn sensors() {
    let sensors = laptop().sensors.unwrap();
    let all: Vec<_> = sensors
        .iter()
        .map(|sensor| {
            let facts = &*sensor.facts;
            (text(facts.chip.as_deref()).unwrap(), facts.kind, text(facts.label.as_deref()), sensor.value)
        })
        .collect();
    let heat = SensorKind::Temperature;
    let expected = [
        ("coretemp", heat, Some("Package id 0"), Some(56.0)),
        ("coretemp", heat, Some("Core 0"), Some(54.0)),
        ("coretemp", heat, Some("Core 1"), Some(56.0)),
        ("nvme", heat, Some("Composite"), Some(41.85)),
        ("thinkpad", SensorKind::Fan, None, Some(2410.0)),
    ];
    assert_eq!(all, expected);
    assert_eq!((sensors[0].facts.max, sensors[3].facts.critical), (Some(100.0), Some(84.85)));
    assert_eq!((sensors[3].facts.max, sensors[3].facts.min), (None, None));
}

#[test]
fn power() {
    let power = laptop().power.unwrap();
    let (mains, battery) = (&power[0], &power[1]);
    assert_eq!((mains.facts.kind, mains.online), (Some(SupplyKind::Mains), Some(false)));
    assert_eq!(
        (battery.facts.kind, battery.status),
        (Some(SupplyKind::Battery), Some(SupplyStatus::Discharging))
    );
    assert_eq!(text(battery.facts.model.as_deref()), Some("01AV421"));
    assert_eq!((battery.capacity_percent, battery.cycles), (Some(70), Some(212)));
    assert_eq!((battery.energy_watt_hours, battery.power_watts), (Some(31.2), Some(8.42)));
    assert_eq!((battery.voltage_volts, battery.charge_ampere_hours), (Some(11.82), None));
    let in_use = BatteryUse::of(battery);
    assert_eq!((in_use.charge, in_use.watts), (Some(0.7), Some(8.42)));
    assert_eq!(in_use.health, Some(44.21 / 50.04));
    assert_eq!(in_use.seconds_left.map(f64::round), Some(13_340.0), "31.2 Wh at 8.42 W");
}

#[test]
fn disks_and_swap() {
    let system = laptop();
    let facts = system.disk_facts.unwrap();
    assert_eq!(facts.len(), 2);
    let nvme = &facts[0];
    assert_eq!(text(nvme.model.as_deref()), Some("Samsung SSD 970 EVO 500GB"));
    assert_eq!(
        (nvme.size_bytes, nvme.rotational, nvme.removable),
        (Some(1_000_215_216 * 512), Some(false), Some(false))
    );
    assert_eq!((nvme.read_only, nvme.logical_block_bytes, &nvme.serial), (Some(false), Some(512), &None));
    let parts: Vec<_> =
        nvme.partitions.iter().map(|part| (part.number, part.size_bytes.unwrap() / 512)).collect();
    assert_eq!(parts, [(1, 1_048_576), (2, 209_715_200), (3, 789_448_000)]);
    let disks = system.disks.unwrap();
    assert_eq!((&*disks[0].name, disks[0].counters.read_bytes), (&b"nvme0n1"[..], Some(9_624_088 * 512)));
    let swap = &system.swaps.unwrap()[0];
    assert_eq!((swap.used_bytes, swap.priority), (Some(40_364 * 1024), Some(100)));
    let zram = &system.zram.unwrap()[0];
    assert_eq!((zram.size_bytes, text(zram.algorithm.as_deref())), (Some(8_589_934_592), Some("zstd")));
    assert_eq!(zram.memory.unwrap().compressed_bytes, Some(13_777_578));
}

#[test]
fn kernel() {
    let system = laptop();
    let vm = system.vm.unwrap();
    assert_eq!((vm.page_in_kib, vm.swap_out_pages, vm.oom_kills), (Some(4_812_044), Some(11_301), Some(0)));
    let pressure = system.pressure.unwrap();
    assert_eq!(pressure.cpu.unwrap().some.unwrap().total_us, Some(41_220_331));
    assert_eq!(pressure.io.unwrap().full.unwrap().avg10, Some(2.1));
    assert_eq!(pressure.memory.unwrap().some.unwrap().avg300, Some(0.02));
    assert_eq!(pressure.irq, None);
    assert_eq!(system.uptime.unwrap().uptime_secs, Some(5025.4));
}

#[test]
fn interfaces() {
    let links = laptop().links.unwrap();
    let (lo, radio) = (&links[0], &links[1]);
    assert_eq!(
        (lo.kind, lo.state, lo.mtu_bytes),
        (Some(LinkKind::Loopback), Some(LinkState::Unknown), Some(65536))
    );
    assert_eq!((radio.kind, radio.wireless), (Some(LinkKind::Physical), Some(true)));
    assert_eq!((radio.state, radio.carrier, radio.index), (Some(LinkState::Up), Some(true), Some(2)));
    assert_eq!(text(radio.hardware_address.as_deref()), Some("9c:b6:d0:12:34:56"));
    assert_eq!((&radio.ipv4, &radio.ipv6), (&None, &None), "the capture has no file that tells");
    assert_eq!((radio.bits_per_second, radio.full_duplex), (None, None));
}

#[test]
fn a_machine_without_sys_has_what_proc_says() {
    let system = sampled(&fixture("captured-6.18/system"), everything());
    assert_eq!(system.disks.unwrap().len(), 10);
    assert_eq!(system.network.unwrap().len(), 4);
    let links = system.links.unwrap();
    assert_eq!((links.len(), links[3].kind, links[3].carrier), (4, None, None));
    assert_eq!(system.swaps, Some(Vec::new()));
    assert!(system.pressure.unwrap().io.is_some() && system.vm.unwrap().faults.is_some());
    let absent = (system.disk_facts, system.zram, system.sensors, system.power);
    assert_eq!(absent, (None, None, None, None));
    assert_eq!((system.cpu_topology, system.cpu_frequency), (None, None));
}

#[test]
fn the_report_is_in_base_units() {
    let mut sampler = Sampler::new(Source::open(&fixture("laptop")).unwrap());
    let sample = sampler.tick(&Demand::of(report::JSON_NEEDS)).unwrap();
    let snapshot = Snapshot::new(None, sample.into());
    let mut out = Vec::new();
    report::json(&mut out, &snapshot, &[], &[]).unwrap();
    let report: Json = serde_json::from_slice(&out).unwrap();
    let expected = [
        ("/uptime", json!(5025.4)),
        ("/pressure/io/full/avg10", json!(0.021)),
        ("/pressure/cpu/some/total", json!(41.220331)),
        ("/pressure/cpu/some/share", Json::Null),
        ("/pressure/irq", Json::Null),
        ("/vm/page_in_kib", json!(4_812_044)),
        ("/rates/faults", Json::Null),
        ("/swaps/0/path", json!("/dev/zram0")),
        ("/zram/0/memory/compressed_bytes", json!(13_777_578)),
        ("/network/1/name", json!("wlan0")),
        ("/network/1/kind", json!("physical")),
        ("/network/1/state", json!("up")),
        ("/network/1/ipv4", Json::Null),
        ("/disks/0/facts/model", json!("Samsung SSD 970 EVO 500GB")),
        ("/disks/0/facts/partitions/2/size_bytes", json!(789_448_000_u64 * 512)),
        ("/disks/0/counters/read_bytes", json!(9_624_088_u64 * 512)),
        ("/disks/1/facts", Json::Null),
        ("/cpu_frequency/3/current_hz", json!(3_100_020_000_u64)),
        ("/cpu_topology/3/thread_siblings", json!([[1, 1], [3, 3]])),
        ("/sensors/3/label", json!("Composite")),
        ("/sensors/3/value", json!(41.85)),
        ("/sensors/4/kind", json!("fan")),
        ("/power/1/status", json!("discharging")),
        ("/power/1/charge", json!(0.7)),
        ("/power/1/energy_watt_hours", json!(31.2)),
    ];
    for (path, value) in expected {
        assert_eq!(report["system"].pointer(path), Some(&value), "{path}");
    }
    let mut out = Vec::new();
    report::text(&mut out, &snapshot, &[], &[]).unwrap();
    let out = String::from_utf8(out).unwrap();
    for line in [
        "Up         1 h 23 min",
        "Pressure   CPU 1.2\u{a0}%, memory 0\u{a0}%, I/O 3.4\u{a0}%",
        "Disk       nvme0n1 (Samsung SSD 970 EVO 500GB): — read, — written, — busy",
        "Battery    BAT0: 70.0\u{a0}%, discharging, 8.4\u{a0}W",
    ] {
        assert!(
            out.lines()
                .any(|one| one.replace("1\u{a0}h\u{a0}", "1 h ").replace("23\u{a0}min", "23 min") == line),
            "{line} in {out}"
        );
    }
}
