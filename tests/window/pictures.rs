//! Pictures of every page for people to look at, beside a thousand idle processes.

use std::thread::sleep;
use std::time::Duration;

use crate::harness::app::App;
use crate::harness::atspi::wait_for;
use crate::harness::child::{Guarded, command};
use crate::harness::desktop::Desktop;
use crate::harness::screen;
use crate::harness::table::Table;

const CROWD: usize = 1000;

/// A shell with a thousand children that sleep, all in its process group.
#[track_caller]
fn crowd() -> Guarded {
    let script = format!("i=0; while [ $i -lt {CROWD} ]; do sleep 1000 & i=$((i+1)); done; echo; wait");
    let crowd = Guarded::spawn(command("sh").args(["-c", &script]).stdout(std::process::Stdio::piped()));
    let mut ready = String::new();
    let out = crowd.stdout().expect("a pipe");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut ready).expect("a line");
    assert_eq!(ready, "\n", "a shell with {CROWD} children");
    crowd
}

#[test]
fn every_page_in_two_sizes_and_two_styles() {
    let _crowd = crowd();
    let desktop = Desktop::start();
    for (width, height) in [(900, 600), (1280, 1024)] {
        for (style, scheme) in [("light", "prefer-light"), ("dark", "prefer-dark")] {
            desktop.choose(&[&format!("window-width={width}"), &format!("window-height={height}")]);
            let app = App::start_under(&desktop, &[], &["-p"], &[("ADW_DEBUG_COLOR_SCHEME", scheme)]);
            let table = Table::within(app.window());
            wait_for("the crowd in the table", || (table.len() > 150).then_some(()));
            let area = app.area();
            assert_eq!(
                (area.width, area.height),
                (width, height),
                "the window does not fit what was asked for"
            );
            for (key, page) in [("alt+1", "Resources"), ("alt+3", "File Systems"), ("alt+2", "Processes")] {
                app.press(&[key]);
                app.shows_page(page);
                // Some points in the charts, some rates in the table.
                sleep(Duration::from_secs(4));
                let name = format!("{}-{width}x{height}-{style}", page.to_lowercase().replace(' ', "-"));
                let picture = screen::save(&desktop, area, &name);
                eprintln!("{}", picture.display());
            }
        }
    }
}
