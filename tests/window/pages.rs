//! The pages: switching, charts that have drawn, file systems.

use std::collections::HashSet;

use crate::harness::app::App;
use crate::harness::atspi::{Node, wait_for};
use crate::harness::desktop::Desktop;
use crate::harness::screen::{self, Rgb};
use crate::harness::table::{Table, is_about};

#[test]
fn keys_switch_the_pages() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &[]);
    for (key, title) in [("alt+1", "Resources"), ("alt+3", "File Systems"), ("alt+2", "Processes")] {
        app.press(&[key]);
        app.shows_page(title);
    }
}

#[test]
fn words_of_the_command_line_choose_the_page() {
    for (word, title) in [("-r", "Resources"), ("-p", "Processes"), ("-f", "File Systems")] {
        let desktop = Desktop::start();
        App::start(&desktop, &[word]).shows_page(title);
    }
}

/// A chart by the beginning of what a screen reader says of it.
#[track_caller]
fn chart(app: &App<'_>, title: &str) -> Node {
    let wanted = |node: &Node| {
        let big = node.area().is_some_and(|area| area.width > 150 && area.height > 60);
        big && node.name().starts_with(title)
    };
    wait_for(&format!("the chart {title}"), || app.window().find(&wanted))
}

/// The hues of a circle of twelve that are seen on at least `pixels` pixels: greys are the frame and the grid.
fn hues(colours: impl IntoIterator<Item = (Rgb, usize)>, pixels: usize) -> HashSet<u32> {
    let mut seen = [0; 12];
    for (colour, count) in colours {
        if let Some(hue) = hue(colour) {
            seen[hue as usize] += count;
        }
    }
    (0..12).filter(|&hue| seen[hue as usize] >= pixels).collect()
}

/// The twelfth of the colour circle, of colours that are not nearly grey.
fn hue([red, green, blue]: Rgb) -> Option<u32> {
    let (red, green, blue) = (f64::from(red), f64::from(green), f64::from(blue));
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let spread = most - least;
    if spread < 60.0 {
        return None;
    }
    let sixth = if most == red {
        (green - blue) / spread
    } else if most == green {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    // 0 to 5: twelve steps make the circle.
    Some((sixth.rem_euclid(6.0) * 2.0) as u32)
}

#[test]
fn hues_are_told_apart_and_greys_are_none() {
    assert_eq!(hue([255, 0, 0]), Some(0));
    assert_eq!(hue([0, 255, 0]), Some(4));
    assert_eq!(hue([0, 0, 255]), Some(8));
    assert_eq!(hue([255, 0, 255]), Some(10));
    assert_eq!(hue([120, 120, 130]), None);
    assert_eq!(hues([([255, 0, 0], 5), ([250, 0, 0], 5), ([0, 0, 255], 9)], 10), HashSet::from([0]));
}

#[test]
fn the_charts_draw_their_series() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-r"]);
    app.shows_page("Resources");
    // A series is a line of 1.5 pixels: twenty are a few seconds of it.
    for (title, series) in [("CPU", 2), ("Memory", 1)] {
        let chart = chart(&app, title);
        wait_for(&format!("{series} colours in the chart {title}"), || {
            let seen = hues(screen::colours(&desktop, app.place(&chart)), 20);
            (seen.len() >= series).then_some(())
        });
    }
}

#[test]
fn the_memory_legend_says_what_the_kernel_says() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-r"]);
    let meminfo = std::fs::read_to_string("/proc/meminfo").expect("/proc/meminfo");
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB"));
    let gib = total.and_then(|kib| kib.parse::<f64>().ok()).expect("MemTotal") / 1024.0 / 1024.0;
    let wanted = format!("{gib:.1} GiB");
    wait_for(&format!("{wanted} beside the memory chart"), || {
        app.window().words().iter().any(|words| words.contains(&wanted)).then_some(())
    });
}

#[test]
fn the_root_file_system_has_its_row() {
    let desktop = Desktop::start();
    let app = App::start(&desktop, &["-f"]);
    app.shows_page("File Systems");
    let page = Table::within(app.window());
    for title in ["Device", "Directory", "Type", "Total", "Available", "Used"] {
        assert!(page.titles().contains(&title), "no {title} in {:?}", page.titles());
    }
    let all = app.window();
    let row = wait_for("the row of /", || Table::within(all).position("Directory", "/"));
    let statvfs = rustix::fs::statvfs("/").expect("statvfs of /");
    let total = (statvfs.f_blocks * statvfs.f_frsize) as f64;
    let shown = page.cell(row, "Total");
    assert!(is_about(shown.as_deref(), total), "{shown:?} for {total} bytes");
}
