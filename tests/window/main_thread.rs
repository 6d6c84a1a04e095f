//! The main thread never reads the machine: what it opens is seen by strace.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::process::Signal;

use crate::harness::app::App;
use crate::harness::atspi::wait_for;
use crate::harness::child::command;
use crate::harness::desktop::Desktop;
use crate::harness::table::Table;

/// What the libraries below the program read once, before there is a window: not the program's own doing.
/// After that nothing below /proc and /sys is the main thread's to open, these neither.
const AT_START: [&str; 5] = [
    // libselinux, which GLib is linked to, asks whether there is SELinux when it is loaded.
    "/sys/fs/selinux",
    "/selinux",
    "/proc/filesystems",
    // Rust's runtime asks the C library for the bounds of the main thread's stack.
    "/proc/self/maps",
    // The C library counts the CPUs for GLib's thread pools.
    "/sys/devices/system/cpu/possible",
];

/// Whether strace may trace a program here: not in every container.
fn may_trace() -> bool {
    let tried = command("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs_f64()
}

#[test]
fn the_main_thread_opens_nothing_of_the_kernels() {
    if !may_trace() {
        eprintln!("SKIPPED: strace may not trace programs here");
        return;
    }
    let desktop = Desktop::start();
    let trace = desktop.dir().join("trace");
    // -D: the program stays the child, strace works beside it. -y: with the paths of directory descriptors.
    let out = trace.to_string_lossy().into_owned();
    let calls = "trace=/^(open(at2?)?|statfs)$";
    let tracer = ["strace", "-D", "-f", "-q", "-y", "-ttt", "--seccomp-bpf", "-e", calls, "-o", &out, "--"];
    let app = App::start_under(&desktop, &tracer, &["-p"], &[]);
    let pid = app.pid();
    Table::within(app.window());
    let started = now();
    for (key, page) in [("alt+1", "Resources"), ("alt+3", "File Systems"), ("alt+2", "Processes")] {
        app.press(&[key]);
        app.shows_page(page);
        // Two looks at the machine on each page.
        sleep(Duration::from_millis(2200));
    }
    app.end(Signal::KILL);
    let read =
        || fs::read(&trace).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let ending = format!("{pid} ");
    wait_for("strace to finish", || {
        read().lines().any(|line| line.starts_with(&ending) && line.contains("+++")).then_some(())
    });
    let trace = read();
    let calls: Vec<Call<'_>> = trace.lines().filter_map(Call::parse).collect();
    let of_machine = |call: &&Call<'_>| call.path.starts_with("/proc/") || call.path.starts_with("/sys/");
    assert!(
        calls.iter().filter(of_machine).any(|call| call.thread != pid),
        "no other thread reads the machine"
    );
    let of_main = calls.iter().filter(|call| call.thread == pid);
    // statfs may wait for a server for ever. GLib asks once whether the home directory is on one.
    let home = desktop.dir().to_string_lossy();
    let at_start = |call: &Call<'_>| {
        AT_START.contains(&call.path.as_str()) || (call.name == "statfs" && call.path == home)
    };
    let wrong: Vec<_> = of_main
        .filter(|call| call.name == "statfs" || of_machine(call))
        .filter(|call| call.at > started || !at_start(call))
        .map(|call| call.line)
        .collect();
    assert!(wrong.is_empty(), "the main thread ({pid}; started until {started}) calls\n{}", wrong.join("\n"));
}

/// A traced call.
struct Call<'t> {
    thread: u32,
    at: f64,
    name: &'t str,
    path: String,
    line: &'t str,
}

impl<'t> Call<'t> {
    /// `42 1700000000.5 openat(5</proc>, "1/stat", O_RDONLY) = 6</proc/1/stat>`; other lines are no calls.
    fn parse(line: &'t str) -> Option<Self> {
        let (thread, rest) = line.split_once(' ')?;
        let (at, rest) = rest.trim_start().split_once(' ')?;
        let (name, arguments) = rest.split_once('(')?;
        let (before, rest) = arguments.split_once('"')?;
        let (path, _) = rest.split_once('"')?;
        let dir =
            before.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(dir, _)| dir);
        let path = if path.starts_with('/') { path.to_owned() } else { format!("{dir}/{path}") };
        Some(Self { thread: thread.parse().ok()?, at: at.parse().ok()?, name, path, line })
    }
}

#[test]
fn paths_are_put_together_from_directory_and_name() {
    let path = |line| Call::parse(line).map(|call| (call.thread, call.path));
    let wanted = |path: &str| Some((42, path.to_owned()));
    assert_eq!(
        path(r#"42 17.5 openat(5</proc>, "1/stat", O_RDONLY) = 6</proc/1/stat>"#),
        wanted("/proc/1/stat")
    );
    assert_eq!(
        path(r#"42 17.5 openat(AT_FDCWD</home>, "/sys/x", O_RDONLY <unfinished ...>"#),
        wanted("/sys/x")
    );
    assert_eq!(path(r#"42 17.5 open("/proc/stat", O_RDONLY) = 6"#), wanted("/proc/stat"));
    assert_eq!(path("42 17.5 +++ exited with 0 +++"), None);
}
