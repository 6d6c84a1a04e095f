//! The table against samples that are made here.

use super::*;
use crate::columns::Column;
use crate::sample::{Facts, Process, Sample};

fn process(pid: u32, start_ticks: u64, name: &str, cpu_ns: u64) -> Arc<Process> {
    Arc::new(Process {
        id: ProcessId { pid, start_ticks },
        facts: Arc::new(Facts {
            comm: name.as_bytes().into(),
            name: name.into(),
            uid: Some(0),
            ..Facts::default()
        }),
        cpu_ns,
        ..Process::default()
    })
}

/// A moment `second` seconds after boot.
fn sample(second: u64, processes: &[(u32, u64, &str, u64)]) -> Arc<Sample> {
    let mut sample = Sample::default();
    sample.time.monotonic_ns = second * 1_000_000_000;
    sample.time.boottime_ns = sample.time.monotonic_ns;
    sample.processes =
        processes.iter().map(|&(pid, start, name, ns)| process(pid, start, name, ns)).collect();
    Arc::new(sample)
}

fn snapshot(before: Option<&Sample>, now: &Arc<Sample>) -> Arc<Snapshot> {
    Arc::new(Snapshot::new(before, Arc::clone(now)))
}

fn sort(id: &str, descending: bool) -> SortBy {
    SortBy { column: Column::by_id(id).unwrap(), descending }
}

fn pids(table: &Table) -> Vec<u32> {
    (0..table.len()).map(|row| table.id_at(row).unwrap().pid).collect()
}

const MS: u64 = 1_000_000;

#[test]
fn the_busiest_stands_first_and_the_unknown_last() {
    let first = sample(1, &[(10, 1, "a", 0), (11, 1, "b", 0), (12, 1, "c", 0)]);
    let second =
        sample(2, &[(10, 1, "a", 100 * MS), (11, 1, "b", 0), (12, 1, "c", 900 * MS), (13, 2, "new", 5)]);
    for (descending, expected) in [(true, [12, 10, 11, 13]), (false, [11, 10, 12, 13])] {
        let mut table = Table::new(sort("cpu", descending), View::default());
        table.show(snapshot(None, &first), false);
        table.show(snapshot(Some(&first), &second), false);
        assert_eq!(pids(&table), expected);
    }
}

#[test]
fn what_looks_the_same_stands_still() {
    let first = sample(1, &[(10, 1, "a", 0), (11, 1, "b", 0), (12, 1, "c", 0)]);
    let second = sample(2, &[(10, 1, "a", 1000), (11, 1, "b", 2000), (12, 1, "c", MS)]);
    let mut table = Table::new(sort("cpu", true), View::default());
    table.show(snapshot(Some(&first), &second), false);
    assert_eq!(pids(&table), [12, 10, 11], "0.1 % is seen, a microsecond is not");
}

#[test]
fn the_selection_goes_where_its_process_goes() {
    let first = sample(1, &[(10, 1, "a", 0), (11, 1, "b", 0), (12, 1, "c", 0)]);
    let second = sample(2, &[(10, 1, "a", 0), (11, 1, "b", 0), (12, 1, "c", 900 * MS)]);
    let mut table = Table::new(sort("cpu", true), View::default());
    table.show(snapshot(None, &first), false);
    table.select(2, true);
    table.show(snapshot(Some(&first), &second), false);
    assert_eq!(pids(&table), [12, 10, 11]);
    assert!(table.is_selected(0) && !table.is_selected(2));
}

#[test]
fn a_successor_with_the_same_pid_is_not_selected() {
    let first = sample(1, &[(10, 1, "a", 0), (11, 1, "b", 0)]);
    let second = sample(2, &[(10, 1, "a", 0), (11, 77, "stranger", 0)]);
    let mut table = Table::new(sort("pid", false), View::default());
    table.show(snapshot(None, &first), false);
    table.select(1, true);
    table.show(snapshot(Some(&first), &second), false);
    assert_eq!(table.selection(), []);
    assert_eq!(pids(&table), [10, 11]);
}

#[test]
fn a_held_order_keeps_rows_drops_the_ended_and_appends_the_new() {
    let first = sample(1, &[(10, 1, "a", 0), (11, 1, "b", 0), (12, 1, "c", 0)]);
    let second = sample(2, &[(9, 2, "new", 0), (10, 1, "a", 0), (12, 1, "c", 900 * MS)]);
    let mut table = Table::new(sort("cpu", true), View::default());
    table.show(snapshot(Some(&sample(0, &[])), &first), false);
    table.show(snapshot(Some(&first), &second), true);
    assert_eq!(pids(&table), [10, 12, 9]);
    table.reorder();
    assert_eq!(pids(&table), [12, 10, 9]);
}

#[test]
fn the_first_rates_are_sorted_even_under_the_pointer() {
    let first = sample(1, &[(10, 1, "a", 0), (11, 1, "b", 0)]);
    let second = sample(2, &[(10, 1, "a", 0), (11, 1, "b", 900 * MS)]);
    let mut table = Table::new(sort("cpu", true), View::default());
    table.show(snapshot(None, &first), true);
    table.show(snapshot(Some(&first), &second), true);
    assert_eq!(pids(&table), [11, 10]);
}

#[test]
fn a_search_hides_rows_and_gives_them_back() {
    let first = sample(1, &[(10, 1, "Firefox", 0), (11, 1, "bash", 0)]);
    let mut table = Table::new(sort("name", false), View::default());
    table.show(snapshot(None, &first), false);
    table.select(0, true);
    table.set_search("fire");
    assert_eq!(pids(&table), [10]);
    table.set_search("11");
    assert_eq!(pids(&table), [11]);
    assert_eq!(table.selection().len(), 1, "what a search hides stays selected");
    table.set_search("nobody");
    assert!(table.is_empty());
    table.set_search("");
    assert_eq!(pids(&table), [11, 10], "names sort without regard to case");
}
