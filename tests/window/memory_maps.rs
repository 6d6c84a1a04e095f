//! The Memory Maps of a real process.

use crate::harness::app::App;
use crate::harness::atspi::wait_for;
use crate::harness::desktop::Desktop;
use crate::harness::input::Button;
use crate::harness::quarry::Quarry;
use crate::harness::table::{Table, is_about};

/// The addresses of the maps of `/proc/[pid]/maps`, proc_pid_maps(5), as numbers: first, first behind.
fn addresses(maps: &str) -> Vec<(u64, u64)> {
    let range = |line: &str| {
        let (start, end) = line.split_once(' ')?.0.split_once('-')?;
        Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
    };
    maps.lines().map(|line| range(line).unwrap_or_else(|| panic!("no addresses in {line}"))).collect()
}

#[test]
fn the_memory_maps_of_a_process_are_those_of_the_kernel() {
    let desktop = Desktop::start();
    let quarry = Quarry::asleep(&desktop, 'k');
    let app = App::start(&desktop, &["-p"]);
    app.click(&quarry.sought_in(&app), Button::Right);
    app.choose(&["Memory Maps"]);
    let dialog = app.dialog("the memory maps");
    let table = Table::within(&dialog);

    let maps = quarry.proc_file("maps");
    let wanted = addresses(&maps);
    let shown = || -> Vec<_> {
        let number =
            |row, title| u64::from_str_radix(table.cell(row, title)?.trim_start_matches("0x"), 16).ok();
        (0..table.len()).filter_map(|row| Some((number(row, "Start")?, number(row, "End")?))).collect()
    };
    wait_for("every map of the kernel, by address", || (shown() == wanted).then_some(()));
    let row = wait_for("its executable", || table.position("Filename", &quarry.path()));
    let flags =
        maps.lines().find(|line| line.ends_with(&quarry.path())).and_then(|line| line.split(' ').nth(1));
    assert_eq!(table.cell(row, "Flags").as_deref(), flags);

    let size: u64 = wanted.iter().map(|(start, end)| end - start).sum();
    wait_for("the total size", || is_about(table.total("Size").as_deref(), size as f64).then_some(()));
    let usage = quarry.proc_file("smaps_rollup");
    let resident = usage
        .lines()
        .find_map(|line| line.strip_prefix("Rss:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    let resident = resident.expect("Rss in smaps_rollup") * 1024.0;
    wait_for("the total in memory", || is_about(table.total("Resident").as_deref(), resident).then_some(()));

    app.press(&["Escape"]);
    app.alone();
    assert!(quarry.is_alive());
}
