//! A process that does nothing costs nothing: no allocation at a tick, and little memory.
#![allow(unsafe_code, missing_docs)] // an allocator can be written no other way

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gnomon::columns::{self, COLUMNS};
use gnomon::sample::{Demand, Sample, Sampler};
use gnomon::source::Source;

/// Counts what this thread asks for.
struct Counting;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static LIVE_BYTES: Cell<i64> = const { Cell::new(0) };
}

// SAFETY: every call is handed on to the system's allocator unchanged; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as i64);
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, -(layout.size() as i64));
        // SAFETY: as above; the pointer came from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, size as i64 - layout.size() as i64);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn count(calls: u64, bytes: i64) {
    // A thread that is ending has no counters any more.
    let _ = CALLS.try_with(|counter| counter.set(counter.get() + calls));
    let _ = LIVE_BYTES.try_with(|counter| counter.set(counter.get() + bytes));
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Sleepers that end with the test.
struct Crowd(Vec<Child>);

impl Crowd {
    fn join(&mut self, count: usize) {
        for _ in 0..count {
            let sleeper =
                Command::new("sleep").arg("infinity").stdin(Stdio::null()).spawn().expect("a sleeper");
            self.0.push(sleeper);
        }
        // Until they have executed, slept, and are no longer young: the young are looked at more often.
        std::thread::sleep(Duration::from_secs(6));
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|child| drop(child.kill()));
        self.0.iter_mut().for_each(|child| drop(child.wait()));
    }
}

/// Median number of allocations of a tick, and bytes that the sampler and its last sample hold.
fn cost_of_ticks(sampler: &mut Sampler, demand: &Demand) -> (u64, i64, Sample) {
    let before = LIVE_BYTES.get();
    let mut last = sampler.tick(demand).expect("a tick");
    let mut calls = Vec::with_capacity(64);
    for _ in 0..31 {
        let start = CALLS.get();
        let sample = sampler.tick(demand).expect("a tick");
        calls.push(CALLS.get() - start);
        last = sample;
    }
    calls.sort_unstable();
    (calls[calls.len() / 2], LIVE_BYTES.get() - before, last)
}

#[test]
fn sleepers_allocate_nothing_and_take_less_than_a_kibibyte() {
    const MORE: usize = 400;
    let demand = Demand::of(columns::needs_of(COLUMNS.iter().filter(|column| column.by_default)));
    let mut crowd = Crowd(Vec::new());
    crowd.join(100);
    let mut sampler = Sampler::new(Source::live().expect("/proc"));
    let (few_calls, few_bytes, few) = cost_of_ticks(&mut sampler, &demand);
    crowd.join(MORE);
    let (many_calls, more_bytes, many) = cost_of_ticks(&mut sampler, &demand);
    let grown = many.processes.len() - few.processes.len();
    assert!(grown >= MORE / 2, "{grown} more processes");
    // The rotation reads one in sixty afresh, and throws away what it read for comparison.
    let per_process = many_calls.saturating_sub(few_calls) as f64 / grown as f64;
    assert!(per_process < 12.0 / 60.0, "{per_process} allocations a tick and sleeper");
    let bytes = more_bytes as f64 / grown as f64;
    assert!(bytes < 1024.0, "{bytes} bytes a process (the first {few_bytes})");
    println!("{per_process:.3} allocations a tick, {bytes:.0} bytes a process");
}
