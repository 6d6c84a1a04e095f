//! What one look at all processes costs: `cargo bench --bench sampler [-- COUNT[:BUSY%] …]`.
//!
//! Starts its own processes, then lets each way of looking take its turn in each round, a second apart, and
//! prints the median CPU time of a look and its ratio to reading every `stat`. CPU time, because wall time
//! on a shared machine measures the others; ratios within one run, because machines differ.
#![allow(missing_docs)] // a program, not an interface

use std::fs;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gnomon::columns::{self, COLUMNS};
use gnomon::kernel::pid_stat;
use gnomon::sample::{Demand, Needs, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::Source;
use gnomon::sys;

/// Rounds that count, after those that warm up.
const ROUNDS: usize = 15;
const WARM_UP: usize = 3;

/// As an argument: be a process that works a little, again and again.
const BUSY: &str = "--be-busy";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if words.first().is_some_and(|word| word == BUSY) {
        be_busy();
    }
    let crowds =
        if words.is_empty() { ["170", "1000", "10000", "10000:5"].map(String::from).to_vec() } else { words };
    for crowd in crowds {
        let (count, busy) = crowd.split_once(':').unwrap_or((&crowd, "0"));
        match (count.parse(), busy.parse()) {
            (Ok(count), Ok(busy)) if busy <= 100 => compare(count, busy),
            _ => {
                eprintln!("{crowd}: not COUNT or COUNT:PERCENT");
                std::process::exit(2);
            }
        }
    }
}

/// Used by every contestant: one look, whose result is thrown away after it was measured.
type Look = Box<dyn FnMut()>;

fn compare(count: usize, busy_percent: usize) {
    let _crowd = Crowd::gather(count, count * busy_percent / 100);
    let mut contestants = contestants();
    let mut times = vec![Vec::new(); contestants.len()];
    for round in 0..WARM_UP + ROUNDS {
        std::thread::sleep(Duration::from_secs(1));
        for ((_, look), times) in contestants.iter_mut().zip(&mut times) {
            let before = cpu_ns();
            look();
            let spent = cpu_ns() - before;
            if round >= WARM_UP {
                times.push(spent);
            }
        }
    }
    let all =
        fs::read_dir("/proc").map_or(0, |entries| entries.filter_map(Result::ok).filter(is_process).count());
    println!("\n{count} processes of ours, {busy_percent} % of them busy; {all} in all");
    let naive = median(&mut times[0]);
    for ((name, _), times) in contestants.iter().zip(&mut times) {
        let time = median(times);
        println!("{name:34} {:9.3} ms {:8.3} x naive", time as f64 / 1e6, time as f64 / naive as f64);
    }
}

fn contestants() -> Vec<(&'static str, Look)> {
    let ours = |demand: Demand| -> Look {
        let mut sampler = Sampler::new(Source::live().expect("/proc"));
        Box::new(move || drop(std::hint::black_box(sampler.tick(&demand))))
    };
    let defaults = columns::needs_of(COLUMNS.iter().filter(|column| column.by_default));
    let all = columns::needs_of(COLUMNS);
    let snapshots = || -> Look {
        let mut sampler = Sampler::new(Source::live().expect("/proc"));
        let demand = Demand::of(defaults);
        let mut before = None;
        Box::new(move || {
            let Ok(sample) = sampler.tick(&demand) else { return };
            let sample = std::sync::Arc::new(sample);
            drop(std::hint::black_box(Snapshot::new(before.as_deref(), sample.clone())));
            before = Some(sample);
        })
    };
    let mut system = sysinfo::System::new().expect("a system");
    vec![
        ("naive: read every stat", Box::new(naive)),
        (
            "sysinfo refresh_processes",
            Box::new(move || {
                std::hint::black_box(system.refresh_processes(sysinfo::ProcessesToUpdate::All, true));
            }),
        ),
        ("procfs crate, every stat", Box::new(procfs_crate)),
        ("gnomon, stat only", ours(Demand::of(Needs::PROCESSES))),
        ("gnomon, default columns", ours(Demand::of(defaults))),
        ("gnomon, default columns, snapshot", snapshots()),
        ("gnomon, all columns", ours(Demand::of(all))),
    ]
}

fn naive() {
    let mut bytes = Vec::with_capacity(1024);
    let mut ticks = 0;
    for entry in fs::read_dir("/proc").expect("/proc").filter_map(Result::ok).filter(is_process) {
        bytes.clear();
        let Ok(mut file) = fs::File::open(entry.path().join("stat")) else { continue };
        if file.read_to_end(&mut bytes).is_ok()
            && let Ok(stat) = pid_stat::parse(&bytes)
        {
            ticks += stat.user_ticks + stat.system_ticks;
        }
    }
    std::hint::black_box(ticks);
}

fn procfs_crate() {
    let all = procfs::process::all_processes().expect("/proc");
    let ticks: u64 =
        all.filter_map(|process| process.ok()?.stat().ok()).map(|stat| stat.utime + stat.stime).sum();
    std::hint::black_box(ticks);
}

fn is_process(entry: &fs::DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().first().is_some_and(u8::is_ascii_digit)
}

fn cpu_ns() -> u64 {
    sys::process_cpu_ns(std::process::id()).expect("our own clock")
}

fn median(times: &mut [u64]) -> u64 {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Processes that end when this does.
struct Crowd(Vec<Child>);

impl Crowd {
    fn gather(count: usize, busy: usize) -> Self {
        let ours = std::env::current_exe().expect("a name of our own");
        let start = |index: usize| {
            let mut command = if index < busy { Command::new(&ours) } else { Command::new("sleep") };
            command.arg(if index < busy { BUSY } else { "infinity" });
            command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("a process")
        };
        let crowd = Self((0..count).map(start).collect());
        // Until the last one has executed and gone to sleep.
        std::thread::sleep(Duration::from_secs(2));
        crowd
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
        }
        for child in &mut self.0 {
            let _ = child.wait();
        }
    }
}

/// Works for some microseconds five times a second, until the parent is gone.
fn be_busy() -> ! {
    let parent = rustix::process::getppid();
    while rustix::process::getppid() == parent {
        let sum: u64 = (0..2000_u64).fold(0, |sum, i| std::hint::black_box(sum ^ i));
        std::hint::black_box(sum);
        std::thread::sleep(Duration::from_millis(200));
    }
    std::process::exit(0)
}
