//! Each operation fails in turn: what hangs on it is absent, and nothing says anything else.

use std::collections::BTreeSet;
use std::sync::Arc;

use gnomon::sample::{Needs, System};
use rustix::io::Errno;
use serde_json::Value as Json;

use super::{Log, SYSTEM, everything, fixture, tick};

/// The paths of values that are not as they were; panics where one is another instead of absent.
fn lost(at: &str, whole: &Json, spoilt: &Json, lost_paths: &mut Vec<String>) {
    match (whole, spoilt) {
        _ if whole == spoilt => {}
        (_, Json::Null) => lost_paths.push(at.to_owned()),
        (Json::Array(_), Json::Array(rest)) if rest.is_empty() => lost_paths.push(at.to_owned()),
        (Json::Array(all), Json::Array(some)) if all.len() == some.len() => {
            for (index, (whole, spoilt)) in all.iter().zip(some).enumerate() {
                lost(&format!("{at}/{index}"), whole, spoilt, lost_paths);
            }
        }
        // One device of several.
        (Json::Array(all), Json::Array(some)) => {
            assert!(some.iter().all(|one| all.contains(one)), "{at}: {spoilt}");
            lost_paths.push(at.to_owned());
        }
        (Json::Object(all), Json::Object(some)) => {
            assert!(all.keys().eq(some.keys()), "{at}");
            all.iter().for_each(|(key, whole)| lost(&format!("{at}/{key}"), whole, &some[key], lost_paths));
        }
        _ => panic!("{at}: {whole} became {spoilt}"),
    }
}

fn json(system: &System) -> Json {
    serde_json::to_value(system).unwrap()
}

#[test]
fn only_what_hangs_on_a_file_is_missing() {
    for machine in ["laptop", "captured-6.18/system"] {
        let root = fixture(machine);
        let log = Arc::<Log>::default();
        let whole = json(&tick(&mut log.sampler(&root), everything()));
        let operations = log.take();
        assert!(operations.len() > 20, "{machine}");
        for (index, operation) in operations.iter().enumerate() {
            for error in [Errno::IO, Errno::NOENT, Errno::ACCESS, Errno::INVAL, Errno::NXIO] {
                let log = Arc::new(Log { fail: Some((index, error)), ..Log::default() });
                let mut sampler = log.sampler(&root);
                let mut paths = Vec::new();
                let name = format!("{machine}, {operation}, {error}");
                lost("", &whole, &json(&tick(&mut sampler, everything())), &mut paths);
                let parts: BTreeSet<_> = paths.iter().filter_map(|path| path.split('/').nth(1)).collect();
                let several =
                    ["proc/net/dev", "proc/diskstats", "sys/block/", "sys/devices/system/cpu/online"];
                assert!(parts.len() <= 1 || several.contains(&operation.as_str()), "{name}: {paths:?}");
                let leaf = operation.starts_with("sys/")
                    && !operation.ends_with('/')
                    && !["/runtime_status", "/online", "/present", "/name"]
                        .iter()
                        .any(|end| operation.ends_with(end));
                assert!(!leaf || paths.len() <= 1, "{name}: {paths:?}");
            }
        }
    }
}

#[test]
fn what_failed_once_is_there_again_within_a_minute() {
    let root = fixture("laptop");
    let log = Arc::<Log>::default();
    let whole = tick(&mut log.sampler(&root), everything());
    let count = log.take().len();
    for index in 0..count {
        let log = Arc::new(Log { fail: Some((index, Errno::IO)), ..Log::default() });
        let mut sampler = log.sampler(&root);
        tick(&mut sampler, everything());
        let operation = log.seen.lock().unwrap()[index].clone();
        // The log goes on, so that no later operation is the one that fails.
        let mut last = System::default();
        for _ in 0..60 {
            last = tick(&mut sampler, everything());
        }
        assert_eq!(last, whole, "{operation}");
    }
}

#[test]
fn nobody_asks_nothing_is_opened() {
    let root = fixture("laptop");
    let log = Arc::<Log>::default();
    let mut sampler = log.sampler(&root);
    tick(&mut sampler, Needs::empty());
    assert_eq!(log.take(), [""; 0]);
    for needs in SYSTEM {
        let log = Arc::<Log>::default();
        let system = json(&tick(&mut log.sampler(&root), needs));
        let known: Vec<_> =
            system.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()).collect();
        assert_eq!(known.len(), 1, "{needs:?} gives one fact: {known:?}");
        let below = match needs {
            Needs::CPU => "proc/stat",
            Needs::MEMORY => "proc/meminfo",
            Needs::NETWORK => "proc/net/dev",
            Needs::LOAD => "proc/loadavg",
            Needs::VMSTAT => "proc/vmstat",
            Needs::SWAPS => "proc/swaps",
            Needs::ZRAM => "sys/block/",
            Needs::PRESSURE => "proc/pressure/",
            Needs::LINKS => "sys/class/net/",
            Needs::DISKS => "proc/diskstats",
            Needs::DISK_FACTS => "sys/block",
            Needs::CPU_FREQUENCY | Needs::CPU_TOPOLOGY => "sys/devices/",
            Needs::SENSORS => "sys/class/hwmon/",
            Needs::POWER => "sys/class/power_supply/",
            Needs::UPTIME => "proc/uptime",
            _ => unreachable!(),
        };
        // Which interfaces and disks there are is said by the files of their counters.
        let set = ["proc/net/dev", "proc/net/if_inet6", "addresses", "proc/diskstats"];
        for path in log.take() {
            let allowed = path.starts_with(below)
                || (needs == Needs::LINKS && set[..3].contains(&path.as_str()))
                || (needs == Needs::DISK_FACTS && path == set[3]);
            assert!(allowed, "{needs:?}: {path}");
        }
    }
}

#[test]
fn what_devices_are_is_not_read_at_each_tick() {
    let log = Arc::<Log>::default();
    let mut sampler = log.sampler(&fixture("laptop"));
    tick(&mut sampler, everything());
    let first = log.take();
    assert!(first.iter().any(|path| path == "sys/block/nvme0n1/device/model"));
    let mut round = Vec::new();
    for _ in 0..60 {
        tick(&mut sampler, everything());
        round.extend(log.take());
    }
    let count = |end: &str| round.iter().filter(|path| path.ends_with(end)).count();
    for static_fact in
        ["nvme0n1/device/model", "cpu3/topology/core_id", "hwmon0/temp2_label", "BAT0/type", "wlan0/mtu"]
    {
        assert_eq!(count(static_fact), 1, "{static_fact} in a round of 60 ticks");
    }
    assert!(round.len() < 60 * first.len() / 2, "{} a tick, {} at first", round.len() / 60, first.len());
    for each_tick in
        ["cpu3/cpufreq/scaling_cur_freq", "hwmon2/fan1_input", "BAT0/energy_now", "wlan0/operstate"]
    {
        assert!(count(each_tick) >= 60, "{each_tick}");
    }
}
