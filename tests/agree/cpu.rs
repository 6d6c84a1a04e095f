//! CPU time of a busy child against the child's own account of it.

use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use gnomon::columns::{Column, Value, View};
use gnomon::sample::{Demand, Needs, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::Source;
use rustix::time::{ClockId, clock_gettime};

/// Set for the child.
const CHILD: &str = "GNOMON_TEST_BURNS_CPU";

/// How much CPU the child uses between the samples.
const BURNT_NS: u64 = 1_500_000_000;

/// The CPU time that this process used, its threads together, getrusage(2) to the nanosecond.
fn used_ns() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// The child's part: at each line on its input, uses CPU, says how much it has used, and waits.
fn burn() {
    let mut burnt = 0;
    for line in io::stdin().lines() {
        let began = used_ns();
        while used_ns() - began < line.as_deref().unwrap().parse().unwrap() {
            for number in 0..10_000_u64 {
                burnt = std::hint::black_box(burnt ^ number);
            }
        }
        println!("\nused {}", used_ns());
    }
}

struct Burner {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Burner {
    /// Lets the child use this much CPU and returns how much it has used since it began.
    fn burn(&mut self, ns: u64) -> u64 {
        writeln!(self.child.stdin.as_mut().unwrap(), "{ns}").unwrap();
        let mut answers = self.lines.by_ref().map(Result::unwrap);
        answers.find_map(|line| line.strip_prefix("used ").map(|used| used.parse().unwrap())).unwrap()
    }
}

impl Drop for Burner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn cpu_time_of_a_busy_child_is_within_one_percent_of_its_own_account() {
    if std::env::var_os(CHILD).is_some() {
        return burn();
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "cpu::cpu_time_of_a_busy_child_is_within_one_percent_of_its_own_account",
            "--nocapture",
        ])
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut burner = Burner { child, lines };
    let pid = burner.child.id();

    let mut sampler = Sampler::new(Source::live().unwrap());
    let column = Column::by_id("cpu").unwrap();
    let demand = Demand::of(column.needs | Needs::CPU);
    let used_before = burner.burn(0);
    let before = sampler.tick(&demand).unwrap();
    let used_after = burner.burn(BURNT_NS);
    let now = sampler.tick(&demand).unwrap();

    let theirs = (used_after - used_before) as f64;
    assert!(theirs >= BURNT_NS as f64);
    let cpu_ns = |sample: &gnomon::sample::Sample| {
        sample.processes.iter().find(|process| process.id.pid == pid).unwrap().cpu_ns
    };
    let ours = (cpu_ns(&now) - cpu_ns(&before)) as f64;
    let off = (ours / theirs - 1.0).abs();
    println!("CPU time: {ours} ns, its own account {theirs} ns, off by {:.4} %", off * 100.0);
    assert!(off < 0.01, "{ours} and {theirs}");

    // What the column says over the time that passed is the same amount.
    let snapshot = Snapshot::new(Some(&before), Arc::new(now));
    let row = snapshot.rows(View { cpu_of_one: true }).find(|row| row.process.id.pid == pid).unwrap();
    let Value::Real(share) = (column.value)(&row) else { panic!("no share") };
    let by_share = share * snapshot.elapsed_ns.unwrap() as f64;
    // A process of one busy thread: the share is not cut at the number of CPUs.
    assert!((by_share / theirs - 1.0).abs() < 0.01, "{by_share} and {theirs}");
}
