//! Rates and shares against samples that are made here.

use super::*;
use crate::kernel::{meminfo, net_dev, stat};
use crate::sample::{Facts, Process};

const SECOND: u64 = 1_000_000_000;

fn at(seconds: f64, stat_text: &str) -> Sample {
    let mut sample = Sample::default();
    sample.time.monotonic_ns = (seconds * 1e9) as u64;
    sample.time.boottime_ns = sample.time.monotonic_ns;
    sample.system.stat = Some(stat::parse(stat_text.as_bytes()));
    sample
}

fn with(mut sample: Sample, pid: u32, start_ticks: u64, cpu_ns: u64) -> Sample {
    let facts = Arc::new(Facts::default());
    let id = ProcessId { pid, start_ticks };
    sample.processes.push(Arc::new(Process { id, facts, cpu_ns, ..Process::default() }));
    sample
}

const IDLE: &str = "cpu 0 0 0 200 0 0 0 0 0 0\ncpu0 0 0 0 100 0 0 0 0 0 0\ncpu1 0 0 0 100 0 0 0 0 0 0\n";
const HALF: &str = "cpu 50 0 50 300 0 0 0 0 0 0\ncpu0 50 0 50 100 0 0 0 0 0 0\ncpu1 0 0 0 200 0 0 0 0 0 0\n";

fn cpu_of(snapshot: &Snapshot, index: usize) -> Option<f64> {
    snapshot.row(index, View::default()).unwrap().rates.cpu
}

#[test]
fn the_first_sight_of_anything_is_unknown() {
    let snapshot = Snapshot::new(None, Arc::new(with(at(1.0, IDLE), 7, 1, 5)));
    assert_eq!(cpu_of(&snapshot, 0), None);
    assert_eq!((snapshot.cpu, snapshot.elapsed_ns, snapshot.gap), (None, None, true));
}

#[test]
fn shares_are_over_the_time_that_passed() {
    let before = with(at(1.0, IDLE), 7, 1, 0);
    let now = with(at(3.0, HALF), 7, 1, SECOND);
    let snapshot = Snapshot::new(Some(&before), Arc::new(now));
    assert_eq!(cpu_of(&snapshot, 0), Some(0.5));
    assert_eq!(snapshot.cpu_share(0.5, View::default()), 0.25, "half of one of two CPUs");
    assert_eq!(snapshot.cpu_share(0.5, View { cpu_of_one: true }), 0.5);
    let cpu = snapshot.cpu.as_ref().unwrap();
    assert_eq!(cpu.total.busy, Some(0.5));
    assert_eq!(cpu.cpus.iter().map(|cpu| cpu.1.busy).collect::<Vec<_>>(), [Some(1.0), Some(0.0)]);
    assert!(!snapshot.gap);
}

#[test]
fn nothing_is_booked_to_another_generation() {
    let before = with(at(1.0, IDLE), 7, 1, 100 * SECOND);
    let successor = with(at(2.0, HALF), 7, 2, 101 * SECOND);
    assert_eq!(cpu_of(&Snapshot::new(Some(&before), Arc::new(successor)), 0), None);
}

#[test]
fn a_counter_that_goes_back_starts_anew() {
    let before = with(at(1.0, IDLE), 7, 1, 100 * SECOND);
    let now = with(at(2.0, HALF), 7, 1, SECOND);
    assert_eq!(cpu_of(&Snapshot::new(Some(&before), Arc::new(now)), 0), None);
}

#[test]
fn a_share_never_exceeds_the_machine() {
    let before = with(at(1.0, IDLE), 7, 1, 0);
    let now = with(at(2.0, HALF), 7, 1, 900 * SECOND);
    assert_eq!(cpu_of(&Snapshot::new(Some(&before), Arc::new(now)), 0), Some(2.0));
}

#[test]
fn iowait_that_goes_back_counts_as_no_growth() {
    let before = at(1.0, "cpu 0 0 0 100 50 0 0 0 0 0\ncpu0 0 0 0 100 50 0 0 0 0 0\n");
    let now = at(2.0, "cpu 25 0 25 150 40 0 0 0 0 0\ncpu0 25 0 25 150 40 0 0 0 0 0\n");
    let total = Snapshot::new(Some(&before), Arc::new(now)).cpu.unwrap().total;
    assert_eq!((total.busy, total.iowait), (Some(0.5), Some(0.0)));
}

#[test]
fn a_sleep_of_the_machine_is_a_gap_and_no_spike() {
    let before = with(at(1.0, IDLE), 7, 1, 0);
    let mut now = with(at(2.0, HALF), 7, 1, SECOND);
    now.time.boottime_ns += 8 * 3600 * SECOND;
    let snapshot = Snapshot::new(Some(&before), Arc::new(now));
    assert!(snapshot.gap);
    assert_eq!(cpu_of(&snapshot, 0), Some(1.0));
}

#[test]
fn time_that_stands_still_or_another_boot_gives_no_rate() {
    let before = with(at(1.0, IDLE), 7, 1, 0);
    let same = with(at(1.0, HALF), 7, 1, SECOND);
    assert_eq!(cpu_of(&Snapshot::new(Some(&before), Arc::new(same)), 0), None);
    let mut rebooted = with(at(2.0, HALF), 7, 1, SECOND);
    rebooted.machine = Arc::new(crate::sample::Machine { boot_id: "other".into(), ..Default::default() });
    assert_eq!(cpu_of(&Snapshot::new(Some(&before), Arc::new(rebooted)), 0), None);
}

#[test]
fn network_rates_follow_names_and_survive_one_wrap() {
    let line = |name: &str, bytes: u64| format!("{name}: {bytes} 0 0 0 0 0 0 0 {bytes} 0 0 0 0 0 0 0\n");
    let header = "Inter-| Receive | Transmit\n face |bytes packets | bytes packets\n";
    let parse = |lines: &[String]| net_dev::parse(format!("{header}{}", lines.concat()).as_bytes());
    let (mut before, mut now) = (at(1.0, IDLE), at(3.0, HALF));
    before.system.network =
        Some(parse(&[line("eth0", 1000), line("old", (1 << 32) - 500), line("reset", 9000)]));
    now.system.network =
        Some(parse(&[line("new", 5), line("old", 500), line("eth0", 3000), line("reset", 10)]));
    let rates = Snapshot::new(Some(&before), Arc::new(now)).network;
    let received: Vec<_> = rates.iter().map(|rates| rates.received).collect();
    assert_eq!(received, [None, Some(500.0), Some(1000.0), None]);
}

#[test]
fn memory_is_counted_as_free_counts_it() {
    let text = "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 600 kB\nBuffers: 50 kB\nCached: 400 kB\n\
                SReclaimable: 30 kB\nSwapTotal: 200 kB\nSwapFree: 150 kB\n";
    let memory = MemoryUse::of(&meminfo::parse(text.as_bytes())).unwrap();
    let kib = 1024;
    assert_eq!((memory.used, memory.cache, memory.swap), (400 * kib, 480 * kib, Some((50 * kib, 200 * kib))));
    let without_swap = text.replace("SwapTotal: 200", "SwapTotal: 0");
    assert_eq!(MemoryUse::of(&meminfo::parse(without_swap.as_bytes())).unwrap().swap, None);
}

/// One process with counters of its waits.
fn waiting(mut sample: Sample, cpu_wait_ns: Option<u64>, io_delay_ticks: Option<u64>) -> Sample {
    sample.machine = Arc::new(crate::sample::Machine { clock_ticks: 100, ..Default::default() });
    let id = ProcessId { pid: 7, start_ticks: 1 };
    let details = Some(Arc::new(crate::sample::Details { cpu_wait_ns, ..Default::default() }));
    sample.processes.push(Arc::new(Process { id, details, io_delay_ticks, ..Process::default() }));
    sample
}

fn waits(before: (Option<u64>, Option<u64>), now: (Option<u64>, Option<u64>)) -> (Option<f64>, Option<f64>) {
    let before = waiting(at(1.0, IDLE), before.0, before.1);
    let now = waiting(at(3.0, HALF), now.0, now.1);
    let snapshot = Snapshot::new(Some(&before), Arc::new(now));
    let rates = *snapshot.row(0, View::default()).unwrap().rates;
    (rates.cpu_wait, rates.io_delay)
}

#[test]
fn waits_are_shares_of_the_time_that_passed() {
    assert_eq!(waits((Some(SECOND), Some(50)), (Some(2 * SECOND), Some(100))), (Some(0.5), Some(0.25)));
    // A wait is booked when it ends: more than the time that passed is all of it.
    assert_eq!(waits((Some(0), Some(0)), (Some(9 * SECOND), Some(900))), (Some(1.0), Some(1.0)));
    assert_eq!(waits((None, Some(7)), (Some(SECOND), Some(7))), (None, Some(0.0)));
    assert_eq!(waits((Some(SECOND), None), (None, None)), (None, None));
    assert_eq!(waits((Some(5), Some(5)), (Some(4), Some(4))), (None, None), "went back");
}

#[test]
fn who_did_not_move_waited_for_nothing_that_is_counted() {
    let before = waiting(at(1.0, IDLE), Some(SECOND), None);
    let mut now = at(2.0, HALF);
    now.processes = before.processes.clone();
    let snapshot = Snapshot::new(Some(&before), Arc::new(now));
    let rates = *snapshot.row(0, View::default()).unwrap().rates;
    assert_eq!((rates.cpu_wait, rates.io_delay), (Some(0.0), None));
}
