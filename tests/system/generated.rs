//! Machines that nobody has on the desk: many CPUs and interfaces, odd batteries, devices that sleep.

use std::sync::Arc;

use gnomon::kernel::hwmon::SensorKind;
use gnomon::names::display_name;
use gnomon::sample::{CoreType, LinkKind, LinkState, Needs, SupplyKind};
use gnomon::snapshot::BatteryUse;

use super::{Log, Tree, tick};

#[test]
fn five_hundred_cpus_with_gaps() {
    let tree = Tree::new();
    let online = "0-99,104,108-199,256-511";
    tree.files("sys/devices/system/cpu", &[("present", "0-511"), ("online", online)]);
    tree.files("sys/devices", &[("cpu_core/cpus", "0-255"), ("cpu_atom/cpus", "256-511")]);
    let is_online = |cpu: u32| cpu < 100 || cpu == 104 || (108..200).contains(&cpu) || cpu >= 256;
    for cpu in 0..512 {
        let dir = format!("sys/devices/system/cpu/cpu{cpu}");
        if is_online(cpu) {
            let (package, core) = ((cpu / 256).to_string(), (cpu % 256 / 2).to_string());
            let siblings = format!("{},{}", cpu & !1, cpu | 1);
            let topology = [
                ("physical_package_id", &*package),
                ("core_id", &*core),
                ("thread_siblings_list", &*siblings),
            ];
            tree.files(&format!("{dir}/topology"), &topology);
        }
        let frequency = (1_000_000 + cpu).to_string();
        tree.files(
            &format!("{dir}/cpufreq"),
            &[("scaling_cur_freq", &*frequency), ("cpuinfo_max_freq", "4000000")],
        );
    }
    let needs = Needs::CPU_TOPOLOGY | Needs::CPU_FREQUENCY;
    let log = Arc::<Log>::default();
    let mut sampler = log.sampler(&tree.0);
    let system = tick(&mut sampler, needs);
    let topology = system.cpu_topology.unwrap();
    assert_eq!(topology.len(), 512);
    assert!(topology.iter().all(|cpu| cpu.online == Some(is_online(cpu.number))));
    assert_eq!((topology[511].package, topology[511].core), (Some(1), Some(127)));
    assert_eq!((topology[101].package, topology[101].thread_siblings.len()), (None, 0), "offline");
    assert_eq!(
        (topology[3].core_type, topology[300].core_type),
        (Some(CoreType::Performance), Some(CoreType::Efficiency))
    );
    let frequency = system.cpu_frequency.unwrap();
    assert_eq!(frequency.len(), 449);
    assert!(frequency.iter().all(|cpu| cpu.current_hz == Some(u64::from(1_000_000 + cpu.number) * 1000)));
    // From now on one file for each CPU, and a sixtieth of the others.
    log.take();
    tick(&mut sampler, needs);
    let files = log.take().len();
    assert!((449..449 + 100).contains(&files), "{files}");
    // A CPU that is switched off is seen at once.
    tree.files("sys/devices/system/cpu", &[("online", "0-99")]);
    let system = tick(&mut sampler, needs);
    assert_eq!(system.cpu_topology.unwrap()[104].online, Some(false));
    assert_eq!(system.cpu_frequency.unwrap().len(), 100);
}

/// Lines of `/proc/net/dev`.
fn net_dev(names: &[&[u8]]) -> Vec<u8> {
    let line = |name: &&[u8]| [name, &b": 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n"[..]].concat();
    [b"Inter-|\n face |\n".to_vec(), names.iter().flat_map(line).collect()].concat()
}

#[test]
fn a_thousand_interfaces() {
    let tree = Tree::new();
    let names: Vec<_> = (0..1000).map(|number| format!("veth{number}")).collect();
    let bytes: Vec<_> = names.iter().map(|name| name.as_bytes()).collect();
    tree.file("proc/net/dev", net_dev(&bytes));
    for (name, index) in names.iter().zip(1..) {
        let index = index.to_string();
        let files = [
            ("operstate", "up"),
            ("carrier", "1"),
            ("type", "1"),
            ("ifindex", &*index),
            ("speed", "10000"),
            ("duplex", "full"),
        ];
        tree.files(&format!("sys/class/net/{name}"), &files);
    }
    let log = Arc::<Log>::default();
    let mut sampler = log.sampler(&tree.0);
    let links = tick(&mut sampler, Needs::LINKS).links.unwrap();
    assert_eq!(links.len(), 1000);
    assert!(
        links
            .iter()
            .all(|link| link.kind == Some(LinkKind::Virtual) && link.bits_per_second == Some(10_000_000_000))
    );
    let most = (0..60)
        .map(|_| {
            log.take();
            tick(&mut sampler, Needs::LINKS);
            log.take().len()
        })
        .max();
    assert!(most.unwrap() < 500, "{most:?} operations in one tick");
    let again = tick(&mut sampler, Needs::LINKS).links.unwrap();
    assert_eq!(again, links);
    // A change is found within a round.
    tree.files("sys/class/net/veth777", &[("operstate", "down"), ("carrier", "0")]);
    let seen =
        (0..17).any(|_| tick(&mut sampler, Needs::LINKS).links.unwrap()[777].state == Some(LinkState::Down));
    assert!(seen);
    // What comes and goes is seen at once, and the others stay what they were.
    let fewer: Vec<_> = bytes.iter().copied().filter(|name| *name != b"veth3").chain([&b"new"[..]]).collect();
    tree.file("proc/net/dev", net_dev(&fewer));
    let links = tick(&mut sampler, Needs::LINKS).links.unwrap();
    assert_eq!((links.len(), &*links[3].name, links[3].index), (1000, &b"veth4"[..], Some(5)));
    assert_eq!((&*links[999].name, links[999].kind), (&b"new"[..], None));
}

#[test]
fn interfaces_say_what_they_are_part_of() {
    let tree = Tree::new();
    let names = [&b"eth0"[..], b"bond0", b"br0", b"vlan", b"down", b"odd\xff\x1b[2J"];
    tree.file("proc/net/dev", net_dev(&names));
    tree.file("proc/net/if_inet6", "fd000000000000000000000000000002 04 40 00 82     eth0\n");
    let up = [("operstate", "up"), ("carrier", "1"), ("type", "1")];
    for name in ["eth0", "bond0", "br0", "vlan"] {
        tree.files(&format!("sys/class/net/{name}"), &up);
    }
    tree.files("sys/class/net/eth0", &[("speed", "1000"), ("duplex", "half"), ("device/vendor", "0x8086")]);
    tree.link("sys/class/net/eth0/master", "../bond0");
    tree.files(
        "sys/class/net/bond0",
        &[("bonding/mode", "802.3ad 4"), ("speed", "-1"), ("duplex", "unknown")],
    );
    tree.link("sys/class/net/bond0/lower_eth0", "../eth0").link("sys/class/net/bond0/master", "../br0");
    tree.files("sys/class/net/br0", &[("bridge/stp_state", "0"), ("speed", "4294967295")]);
    tree.link("sys/class/net/vlan/lower_br0", "../br0");
    tree.files("sys/class/net/down", &[("operstate", "down"), ("type", "1"), ("speed", "1000")]);
    use std::os::unix::ffi::OsStrExt as _;
    let odd = std::path::Path::new("sys/class/net").join(std::ffi::OsStr::from_bytes(names[5]));
    tree.file(odd.join("operstate"), "dormant\n");
    let links = tree.system(Needs::LINKS).links.unwrap();
    let kinds: Vec<_> = links.iter().map(|link| link.kind).collect();
    let (physical, some) = (Some(LinkKind::Physical), Some(LinkKind::Virtual));
    assert_eq!(kinds, [physical, Some(LinkKind::Bond), Some(LinkKind::Bridge), some, some, None]);
    assert_eq!((links[0].bits_per_second, links[0].full_duplex), (Some(1_000_000_000), Some(false)));
    assert_eq!(
        (links[0].master.as_deref(), links[1].master.as_deref()),
        (Some(&b"bond0"[..]), Some(&b"br0"[..]))
    );
    assert_eq!((&*links[1].lower, &*links[3].lower), (&[(*b"eth0").into()][..], &[(*b"br0").into()][..]));
    assert_eq!([1, 2, 4].map(|at: usize| links[at].bits_per_second), [None; 3], "−1, 2³²−1, no carrier");
    assert_eq!(links[0].ipv6, Some(vec![("fd00::2".parse().unwrap(), 64)]));
    assert_eq!((&links[1].ipv6, &links[0].ipv4), (&Some(vec![]), &None));
    assert_eq!(
        (&*links[5].name, links[5].state),
        (names[5], Some(LinkState::Dormant)),
        "a name that is no text"
    );
    assert_eq!(display_name(&links[5].name), "odd\\xff\\x1b[2J");
}

#[test]
fn odd_batteries() {
    let tree = Tree::new();
    let battery = |name: &str, files: &[(&str, &str)]| {
        tree.files(&format!("sys/class/power_supply/{name}"), &[&[("type", "Battery")], files].concat());
    };
    battery("BAT0", &[("capacity", "102"), ("status", "Full"), ("cycle_count", "0")]);
    battery(
        "BAT1",
        &[
            ("current_now", "-1500000"),
            ("voltage_now", "12000000"),
            ("charge_now", "3000000"),
            ("charge_full", "4000000"),
            ("charge_full_design", "5000000"),
            ("status", "Discharging"),
        ],
    );
    battery(
        "BAT2",
        &[("capacity", "255"), ("power_now", "4294967295"), ("energy_now", "-1"), ("status", "?")],
    );
    battery("mouse", &[("scope", "Device"), ("capacity", "40"), ("model_name", "M\u{202e}ouse")]);
    tree.files("sys/class/power_supply/usb", &[("type", "USB_PD"), ("online", "2")]);
    let power = tree.system(Needs::POWER).power.unwrap();
    let names: Vec<_> = power.iter().map(|supply| display_name(&supply.facts.name).into_owned()).collect();
    assert_eq!(names, ["BAT0", "BAT1", "BAT2", "mouse", "usb"]);
    assert_eq!((power[0].capacity_percent, power[0].cycles), (Some(100), None));
    let in_use = BatteryUse::of(&power[1]);
    assert_eq!((power[1].current_amperes, in_use.watts), (Some(-1.5), Some(18.0)));
    assert_eq!((in_use.charge, in_use.health, in_use.seconds_left), (Some(0.75), Some(0.8), Some(7200.0)));
    let odd = &power[2];
    assert_eq!(
        (odd.capacity_percent, odd.power_watts, odd.energy_watt_hours, odd.status),
        (None, None, None, None)
    );
    assert_eq!((power[3].facts.of_device, power[0].facts.of_device), (Some(true), Some(false)));
    assert_eq!((power[4].facts.kind, power[4].online), (Some(SupplyKind::Usb), Some(true)));
}

/// Operations below a path that are not about its power state.
fn touched(log: &Log, device: &str) -> Vec<String> {
    log.take().into_iter().filter(|path| path.starts_with(device) && !path.contains("/power/")).collect()
}

#[test]
fn devices_that_sleep_are_not_woken() {
    let tree = Tree::new();
    let status = |path: &str, status: &str| {
        tree.files(&format!("{path}/device/power"), &[("runtime_status", status)]);
    };
    tree.file("proc/diskstats", "8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n");
    tree.file("proc/net/dev", net_dev(&[b"eth0"]));
    tree.files("sys/block/sda", &[("size", "2048"), ("device/model", "Sleeper")]);
    tree.files(
        "sys/class/hwmon/hwmon0",
        &[("name", "amdgpu"), ("temp1_input", "40000"), ("temp1_crit", "90000")],
    );
    tree.files("sys/class/power_supply/mouse", &[("type", "Battery"), ("capacity", "40")]);
    tree.files(
        "sys/class/net/eth0",
        &[("carrier", "1"), ("type", "1"), ("speed", "1000"), ("duplex", "full")],
    );
    let devices =
        ["sys/block/sda", "sys/class/hwmon/hwmon0", "sys/class/power_supply/mouse", "sys/class/net/eth0"];
    let needs = Needs::DISKS | Needs::DISK_FACTS | Needs::SENSORS | Needs::POWER | Needs::LINKS;
    for asleep in ["suspended", "suspending"] {
        devices.iter().for_each(|device| status(device, asleep));
        let log = Arc::<Log>::default();
        let mut sampler = log.sampler(&tree.0);
        for _ in 0..130 {
            let system = tick(&mut sampler, needs);
            let seen = log.take();
            for device in &devices[..3] {
                let opened: Vec<_> = seen.iter().filter(|path| path.starts_with(device)).collect();
                assert_eq!(opened, [&format!("{device}/device/power/runtime_status")], "{asleep}");
            }
            // The kernel itself knows a card's state; its speed is the driver's to say.
            assert!(
                !seen.iter().any(|path| path.ends_with("/speed") || path.ends_with("/duplex")),
                "{asleep}"
            );
            assert_eq!((system.sensors.unwrap().len(), system.power.unwrap().len()), (0, 0));
            assert_eq!((system.disks.unwrap().len(), &system.disk_facts.unwrap()[0].model), (1, &None));
            assert_eq!(system.links.unwrap()[0].bits_per_second, None);
        }
        // Awake: all is there at once, the card's speed at its turn.
        devices.iter().for_each(|device| status(device, "active"));
        let system = tick(&mut sampler, needs);
        assert_eq!(system.disk_facts.unwrap()[0].model.as_deref(), Some(&b"Sleeper"[..]));
        assert_eq!(
            (system.sensors.unwrap()[0].value, system.power.unwrap()[0].capacity_percent),
            (Some(40.0), Some(40))
        );
        // Asleep again: what a device is stays known, what it shows is not.
        devices.iter().for_each(|device| status(device, asleep));
        log.take();
        let system = tick(&mut sampler, needs);
        assert_eq!(touched(&log, "sys/class/hwmon/hwmon0"), [""; 0]);
        assert_eq!(system.disk_facts.unwrap()[0].size_bytes, Some(2048 * 512));
        let sensors = system.sensors.unwrap();
        assert_eq!((sensors[0].value, sensors[0].facts.critical), (None, Some(90.0)));
    }
}

#[test]
fn a_disk_is_asked_for_its_temperature_only_while_it_works() {
    let tree = Tree::new();
    tree.files("sys/class/hwmon/hwmon0", &[("name", "drivetemp"), ("temp1_input", "35000")]);
    tree.file("sys/class/hwmon/hwmon0/device/block/sda/stat", "");
    let stat = |reads: u32| {
        tree.file("sys/block/sda/stat", format!("{reads} 0 0 0 0 0 0 0 0 0 0\n"));
    };
    stat(1);
    let log = Arc::<Log>::default();
    let mut sampler = log.sampler(&tree.0);
    let mut value = || {
        let value = tick(&mut sampler, Needs::SENSORS).sensors.unwrap()[0].value;
        (value, touched(&log, "sys/class/hwmon/hwmon0/temp1_input").len())
    };
    assert_eq!([value(), value()], [(None, 0); 2], "it may be asleep");
    stat(2);
    assert_eq!(value(), (Some(35.0), 1), "it read just now");
    assert_eq!(value(), (None, 0));
}

#[test]
fn disks_that_change() {
    let tree = Tree::new();
    tree.file("proc/diskstats", "8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n");
    tree.files(
        "sys/block/sda",
        &[("size", "2048"), ("removable", "1"), ("device/vendor", "ATA     "), ("device/model", "Mo\x1bdel")],
    );
    tree.files(
        "sys/block/cciss!c0d0",
        &[("size", "8"), ("slaves/sda/x", ""), ("device/vendor", "0x1af4"), ("serial", "S1")],
    );
    let log = Arc::<Log>::default();
    let mut sampler = log.sampler(&tree.0);
    let disks = tick(&mut sampler, Needs::DISK_FACTS).disk_facts.unwrap();
    assert_eq!((&*disks[0].name, &*disks[0].members), (&b"cciss/c0d0"[..], &[(*b"sda").into()][..]));
    assert_eq!((&disks[0].vendor, disks[0].serial.as_deref()), (&None, Some(&b"S1"[..])));
    assert_eq!((&disks[1].vendor, disks[1].removable), (&None, Some(true)));
    assert_eq!(display_name(disks[1].model.as_deref().unwrap()), "Mo\\x1bdel");
    // A partition appears: the counters say so at once.
    tree.files("sys/block/sda/sda1", &[("partition", "1"), ("size", "1024"), ("holders/dm-0/x", "")]);
    tree.file("proc/diskstats", "8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n8 1 sda1 1 2 3 4 5 6 7 8 9 10 11\n");
    let disks = tick(&mut sampler, Needs::DISK_FACTS).disk_facts.unwrap();
    let part = &disks[1].partitions[0];
    assert_eq!(
        (&*part.name, part.size_bytes, &*part.holders[0]),
        (&b"sda1"[..], Some(524_288), &b"dm-0"[..])
    );
    // A medium is changed and the counters do not tell: within a round.
    tree.files("sys/block/sda", &[("size", "4096")]);
    let seen = (0..60)
        .any(|_| tick(&mut sampler, Needs::DISK_FACTS).disk_facts.unwrap()[1].size_bytes == Some(4096 * 512));
    assert!(seen);
    tree.remove("sys/block/sda");
    tree.file("proc/diskstats", "");
    assert_eq!(tick(&mut sampler, Needs::DISK_FACTS).disk_facts.unwrap().len(), 1);
}

#[test]
fn sensors_of_every_kind_in_old_and_new_places() {
    let tree = Tree::new();
    tree.files(
        "sys/class/hwmon/hwmon0",
        &[
            ("name", "nct6775"),
            ("in0_input", "1016"),
            ("in0_min", "0"),
            ("in0_max", "1744"),
            ("fan2_input", "0"),
            ("power1_average", "35000000"),
            ("power1_cap", "1"),
            ("curr1_input", "-250"),
            ("temp10_input", "-5000"),
            ("temp2_input", "31000"),
            ("temp2_label", "SYS\u{1b}TIN"),
            ("temp3_input", "<broken>"),
            ("humidity1_input", "45000"),
            ("pwm1", "255"),
            ("intrusion0_alarm", "0"),
        ],
    );
    // Until Linux 3.15 the files could be the device's.
    tree.files("sys/class/hwmon/hwmon1/device", &[("name", "k8temp"), ("temp1_input", "33000")]);
    let sensors = tree.system(Needs::SENSORS).sensors.unwrap();
    let all: Vec<_> =
        sensors.iter().map(|sensor| (sensor.facts.kind, sensor.facts.index, sensor.value)).collect();
    let heat = SensorKind::Temperature;
    let expected = [
        (heat, 2, Some(31.0)),
        (heat, 3, None),
        (heat, 10, Some(-5.0)),
        (SensorKind::Fan, 2, Some(0.0)),
        (SensorKind::Voltage, 0, Some(1.016)),
        (SensorKind::Current, 1, Some(-0.25)),
        (SensorKind::Power, 1, Some(35.0)),
        (SensorKind::Humidity, 1, Some(0.45)),
        (heat, 1, Some(33.0)),
    ];
    assert_eq!(all, expected);
    assert_eq!(display_name(sensors[0].facts.label.as_deref().unwrap()), "SYS\\x1bTIN");
    assert_eq!((sensors[4].facts.min, sensors[4].facts.max), (Some(0.0), Some(1.744)));
    assert_eq!(sensors[8].facts.chip.as_deref(), Some(&b"k8temp"[..]));
}
