//! The running machine, as other tools see it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use gnomon::kernel::diskstats;
use gnomon::names::display_name;
use gnomon::sample::{Needs, System};
use serde_json::Value as Json;

use super::{everything, sampled};

fn live(needs: Needs) -> System {
    sampled(Path::new("/"), needs)
}

/// What a tool prints; `None`, said aloud, where it is not installed.
fn output_of(tool: &str, words: &[&str]) -> Option<String> {
    match Command::new(tool).args(words).env("LC_ALL", "C").output() {
        Ok(output) if output.status.success() => Some(String::from_utf8(output.stdout).unwrap()),
        Ok(output) => panic!("{tool}: {output:?}"),
        Err(error) => {
            println!("SKIPPED: {tool}: {error}");
            None
        }
    }
}

#[test]
fn disks_agree_with_diskstats() {
    let read = || diskstats::parse(&fs::read("/proc/diskstats").unwrap());
    let (before, ours, after) = (read(), live(Needs::DISKS).disks.unwrap(), read());
    let lines = fs::read_to_string("/proc/diskstats").unwrap();
    assert_eq!(ours.len(), lines.lines().count());
    for (index, disk) in ours.iter().enumerate() {
        let (before, after) = (&before[index], &after[index]);
        assert_eq!(disk.name, before.name);
        assert!(before.counters.read_bytes <= disk.counters.read_bytes, "{disk:?}");
        assert!(disk.counters.written_bytes <= after.counters.written_bytes, "{disk:?}");
        // Field 6 of the file is sectors of 512 bytes.
        let line = lines.lines().nth(index).unwrap();
        let sectors: u64 = line.split_whitespace().nth(5).unwrap().parse().unwrap();
        assert!(disk.counters.read_bytes.unwrap() <= sectors * 512, "{line}");
    }
}

#[test]
fn paging_agrees_with_vmstat() {
    let numbers = || -> Option<BTreeMap<String, u64>> {
        let text = output_of("vmstat", &["-s"])?;
        let line = |line: &str| {
            let (number, name) = line.trim().split_once(' ')?;
            Some((name.trim().to_owned(), number.parse().ok()?))
        };
        Some(text.lines().filter_map(line).collect())
    };
    let Some(before) = numbers() else { return };
    let system = live(Needs::VMSTAT | Needs::CPU);
    let after = numbers().unwrap();
    let (vm, stat) = (system.vm.unwrap(), system.stat.unwrap());
    // Newer versions of vmstat write "K paged in" for "pages paged in".
    let named = |all: &BTreeMap<String, u64>, end: &str| {
        all.iter()
            .find(|(name, _)| name.ends_with(end))
            .map(|(_, &number)| number)
            .unwrap_or_else(|| panic!("{end}: {all:?}"))
    };
    let all = [
        (" paged in", vm.page_in_kib),
        (" paged out", vm.page_out_kib),
        ("pages swapped in", vm.swap_in_pages),
        ("pages swapped out", vm.swap_out_pages),
        ("CPU context switches", stat.context_switches),
        ("forks", stat.forks),
    ];
    for (name, ours) in all {
        let range = named(&before, name)..=named(&after, name);
        assert!(range.contains(&ours.unwrap()), "{name}: {ours:?} not in {range:?}");
    }
}

#[test]
fn disks_agree_with_lsblk() {
    let Some(text) = output_of("lsblk", &["-b", "-J", "-o", "NAME,SIZE,MODEL"]) else { return };
    let disks = live(Needs::DISK_FACTS).disk_facts.unwrap();
    let tree: Json = serde_json::from_str(&text).unwrap();
    let theirs = tree["blockdevices"].as_array().unwrap();
    assert!(!theirs.is_empty() || disks.iter().all(|disk| disk.size_bytes == Some(0)));
    for device in theirs {
        let name = device["name"].as_str().unwrap();
        let disk =
            disks.iter().find(|disk| display_name(&disk.name) == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(disk.size_bytes, device["size"].as_u64(), "{name}");
        assert_eq!(disk.model.as_deref().map(display_name).as_deref(), device["model"].as_str(), "{name}");
        let empty = Vec::new();
        for part in device["children"].as_array().unwrap_or(&empty) {
            let name = part["name"].as_str().unwrap();
            let ours = disk.partitions.iter().find(|ours| display_name(&ours.name) == name);
            // A child that is no partition is made of the disk.
            let Some(ours) = ours else {
                assert!(disk.holders.iter().any(|holder| !holder.is_empty()), "{name}");
                continue;
            };
            assert_eq!(ours.size_bytes, part["size"].as_u64(), "{name}");
        }
    }
}

#[test]
fn interfaces_agree_with_ip() {
    let Some(text) = output_of("ip", &["-j", "addr"]) else { return };
    let links = live(Needs::LINKS).links.unwrap();
    let theirs: Vec<Json> = serde_json::from_str(&text).unwrap();
    assert_eq!(links.len(), theirs.len());
    for interface in &theirs {
        // "eth0@if5" is eth0.
        let name = interface["ifname"].as_str().unwrap();
        let link =
            links.iter().find(|link| display_name(&link.name) == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(link.index.map(u64::from), interface["ifindex"].as_u64(), "{name}");
        assert_eq!(link.mtu_bytes.map(u64::from), interface["mtu"].as_u64(), "{name}");
        let state = serde_json::to_value(link.state).unwrap();
        let plain = interface["operstate"].as_str().unwrap().to_lowercase();
        assert_eq!(state.as_str().unwrap().replace('_', ""), plain, "{name}");
        let flags = interface["flags"].as_array().unwrap();
        let has = |flag: &str| flags.iter().any(|one| one == flag);
        assert_eq!(link.kind == Some(gnomon::sample::LinkKind::Loopback), has("LOOPBACK"), "{name}");
        if has("UP") {
            assert_eq!(link.carrier, Some(has("LOWER_UP")), "{name}");
        }
        assert_eq!(
            link.master.as_deref().map(display_name).as_deref(),
            interface["master"].as_str(),
            "{name}"
        );
        if let Some(address) = interface["address"].as_str().filter(|_| interface["link_type"] != "none") {
            assert_eq!(
                link.hardware_address.as_deref().map(display_name).as_deref(),
                Some(address),
                "{name}"
            );
        }
        let mut addresses: Vec<_> = interface["addr_info"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| Some(format!("{}/{}", one["local"].as_str()?, one["prefixlen"])))
            .collect();
        let (v4, v6) = (link.ipv4.iter().flatten(), link.ipv6.iter().flatten());
        let mut ours: Vec<_> = v4
            .map(|(address, bits)| format!("{address}/{bits}"))
            .chain(v6.map(|(address, bits)| format!("{address}/{bits}")))
            .collect();
        addresses.sort();
        ours.sort();
        assert_eq!(ours, addresses, "{name}");
    }
}

#[test]
fn cpus_and_the_clock_agree_with_the_kernel() {
    let system = live(everything());
    let topology = system.cpu_topology.unwrap();
    let online = topology.iter().filter(|cpu| cpu.online == Some(true)).count();
    assert_eq!(online, system.stat.unwrap().cpus.len());
    if let Some(count) = output_of("nproc", &["--all"]) {
        assert!(online <= count.trim().parse().unwrap());
    }
    let uptime = fs::read_to_string("/proc/uptime").unwrap();
    let later: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
    assert!(system.uptime.unwrap().uptime_secs.unwrap() <= later);
    assert_eq!(system.pressure.is_some(), fs::read("/proc/pressure/cpu").is_ok());
    for sensor in system.sensors.iter().flatten() {
        assert!(sensor.value.is_none_or(f64::is_finite), "{sensor:?}");
    }
}
