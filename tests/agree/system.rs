//! `free -b`, `/proc/net/dev`, `/proc/stat`, and the crates sysinfo and procfs.

use std::collections::BTreeMap;
use std::fs;
use std::net::UdpSocket;

use gnomon::sample::{Demand, Needs, Sampler, System};
use gnomon::snapshot::MemoryUse;
use gnomon::source::Source;
use procfs::{Current, CurrentSI};

use super::{Ledger, ROUNDS, output_of};

fn sampled(sampler: &mut Sampler, needs: Needs) -> System {
    sampler.tick(&Demand::of(needs)).unwrap().system
}

fn live() -> Sampler {
    Sampler::new(Source::live().unwrap())
}

/// The rows of `free -b`: their numbers by the titles of the columns.
fn free() -> BTreeMap<String, u64> {
    let text = output_of("free", &["-b"]);
    let mut lines = text.lines();
    let titles: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    lines
        .flat_map(|line| {
            let (row, numbers) = line.split_once(':').unwrap();
            let numbers = numbers.split_whitespace().map(|number| number.parse().unwrap());
            let named = titles.iter().zip(numbers).map(|(title, number)| (format!("{row} {title}"), number));
            named.collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn memory_agrees_with_free() {
    let mut sampler = live();
    let mut ledger = Ledger::default();
    for _ in 0..ROUNDS {
        let before = free();
        let memory = sampled(&mut sampler, Needs::MEMORY).memory.unwrap();
        let after = free();
        let ours = MemoryUse::of(&memory).unwrap();
        let (swap_used, swap_total) = ours.swap.unwrap_or_default();
        let all = [
            ("Mem total", ours.total),
            ("Mem used", ours.used),
            ("Mem free", memory.free_bytes.unwrap()),
            ("Mem shared", memory.shared_memory_bytes.unwrap()),
            ("Mem buff/cache", ours.cache),
            ("Mem available", ours.available),
            ("Swap total", swap_total),
            ("Swap used", swap_used),
            ("Swap free", memory.swap_free_bytes.unwrap()),
        ];
        assert_eq!(before["Mem total"], ours.total);
        for (name, ours) in all {
            // Memory goes and comes in the milliseconds between: what it moved by is the measure.
            let (before, after) = (before[name], after[name]);
            let moved = before.abs_diff(after);
            let (low, high) = (before.min(after) - moved.min(before.min(after)), before.max(after) + moved);
            ledger.compare(name, &low, &ours, &high);
        }
    }
    ledger.close(9);
}

#[test]
fn memory_agrees_with_sysinfo_and_procfs() {
    let mut sampler = live();
    let mut ledger = Ledger::default();
    let theirs = || {
        let mut system = sysinfo::System::new().unwrap();
        system.refresh_memory();
        let mem = procfs::Meminfo::current().unwrap();
        [
            ("sysinfo total", system.total_memory()),
            ("sysinfo swap", system.total_swap()),
            ("procfs total", mem.mem_total),
            ("procfs commit limit", mem.commit_limit.unwrap()),
            ("procfs buffers", mem.buffers),
            ("procfs unevictable", mem.unevictable.unwrap()),
            ("procfs vmalloc total", mem.vmalloc_total),
            ("procfs swap total", mem.swap_total),
        ]
    };
    for _ in 0..ROUNDS {
        let before = theirs();
        let memory = sampled(&mut sampler, Needs::MEMORY).memory.unwrap();
        let after = theirs();
        let ours = [
            memory.total_bytes,
            memory.swap_total_bytes,
            memory.total_bytes,
            memory.commit_limit_bytes,
            memory.buffers_bytes,
            memory.unevictable_bytes,
            memory.vmalloc_total_bytes,
            memory.swap_total_bytes,
        ];
        for ((before, ours), after) in before.iter().zip(ours).zip(after) {
            ledger.compare(before.0, &before.1, &ours.unwrap(), &after.1);
        }
    }
    ledger.close(8);
}

/// The numbers of each interface as `/proc/net/dev` prints them, 8 received and 8 sent.
fn net_dev() -> Vec<(String, Vec<u64>)> {
    let text = fs::read_to_string("/proc/net/dev").unwrap();
    let interface = |line: &str| {
        let (name, numbers) = line.rsplit_once(':').unwrap();
        let numbers = numbers.split_whitespace().map(|number| number.parse().unwrap()).collect();
        (name.trim().to_owned(), numbers)
    };
    text.lines().skip(2).map(interface).collect()
}

#[test]
fn network_agrees_with_the_kernel() {
    let (from, to) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let traffic = || from.send_to(&[7; 1000], to.local_addr().unwrap()).unwrap();
    let mut sampler = live();
    let first = net_dev();
    for _ in 0..ROUNDS {
        let before = net_dev();
        traffic();
        let ours = sampled(&mut sampler, Needs::NETWORK).network.unwrap();
        traffic();
        let after = net_dev();
        assert_eq!(ours.len(), before.len());
        for ((ours, (name, before)), (_, after)) in ours.iter().zip(&before).zip(&after) {
            assert_eq!(ours.name, name.as_bytes().into());
            let (received, sent) = (ours.received, ours.sent);
            let all = [
                (0, received.bytes),
                (1, received.packets),
                (2, received.errors),
                (3, received.dropped),
                (8, sent.bytes),
                (9, sent.packets),
                (10, sent.errors),
                (11, sent.dropped),
            ];
            for (field, value) in all {
                let range = before[field]..=after[field];
                assert!(range.contains(&value.unwrap()), "{name} {field}: {value:?} not in {range:?}");
            }
        }
    }
    let moved = net_dev().iter().zip(&first).any(|(now, then)| now.0 == "lo" && now.1[0] > then.1[0]);
    assert!(moved, "nothing went through the loopback interface");
}

#[test]
fn times_of_cpus_agree_with_procfs() {
    let mut sampler = live();
    for _ in 0..ROUNDS {
        let before = procfs::KernelStats::current().unwrap();
        let ours = sampled(&mut sampler, Needs::CPU).stat.unwrap();
        let after = procfs::KernelStats::current().unwrap();
        assert_eq!((ours.cpus.len(), ours.boot_time_secs), (before.cpu_time.len(), Some(before.btime)));
        let times = ours.cpus.iter().map(|cpu| &cpu.times).chain(&ours.total);
        let (before, after) =
            (before.cpu_time.iter().chain([&before.total]), after.cpu_time.iter().chain([&after.total]));
        for ((ours, before), after) in times.zip(before).zip(after) {
            let all = [
                (before.user..=after.user, ours.user),
                (before.nice..=after.nice, ours.nice),
                (before.system..=after.system, ours.system),
                (before.irq.unwrap()..=after.irq.unwrap(), ours.irq),
                (before.softirq.unwrap()..=after.softirq.unwrap(), ours.softirq),
                (before.steal.unwrap()..=after.steal.unwrap(), ours.steal),
            ];
            for (field, (range, value)) in all.into_iter().enumerate() {
                assert!(range.contains(&value.unwrap()), "field {field}: {value:?} not in {range:?}");
            }
        }
    }
}

#[test]
fn load_agrees_with_the_kernel() {
    let mut sampler = live();
    let mut ledger = Ledger::default();
    let theirs = || procfs::LoadAverage::current().unwrap();
    for _ in 0..ROUNDS {
        let before = theirs();
        let load = sampled(&mut sampler, Needs::LOAD).load.unwrap();
        let after = theirs();
        let single = |value: Option<f64>| value.unwrap() as f32;
        ledger.compare("1 min", &before.one, &single(load.one_minute), &after.one);
        ledger.compare("5 min", &before.five, &single(load.five_minutes), &after.five);
        ledger.compare("15 min", &before.fifteen, &single(load.fifteen_minutes), &after.fifteen);
        ledger.compare("newest", &before.latest_pid, &load.last_pid.unwrap(), &after.latest_pid);
    }
    ledger.close(4);
}
