//! Columns of our own children against what `ps` and other programs say of them, and against what was done to
//! them. The children sleep, so that everything stands still.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use gnomon::columns::{COLUMNS, Column, Value, View, needs_of};
use gnomon::sample::{Demand, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::Source;

/// A sleeper that ends with the test.
struct Sleeper(Child);

impl Sleeper {
    /// `words` and then `sleep 600`, which the words execute in the end; `None` where that is not possible.
    fn under(words: &[&str]) -> Option<Self> {
        let words: Vec<_> = words.iter().copied().chain(["sleep", "600"]).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir("/usr").stdin(Stdio::null()).stderr(Stdio::null());
        let mut child = Self(command.spawn().ok()?);
        for _ in 0..5000 {
            if child.0.try_wait().unwrap().is_some() {
                eprintln!("skipped: {words:?}");
                return None;
            }
            let stat = fs::read_to_string(format!("/proc/{}/stat", child.0.id())).unwrap();
            if stat.contains("(sleep) S") {
                return Some(child);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        panic!("{words:?} does not sleep");
    }

    fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn live() -> Snapshot {
    let mut sampler = Sampler::new(Source::live().unwrap());
    Snapshot::new(None, Arc::new(sampler.tick(&Demand::of_all(needs_of(COLUMNS))).unwrap()))
}

/// Cells of a process in words; what is not known is a hyphen.
fn cells(snapshot: &Snapshot, pid: u32) -> BTreeMap<&'static str, String> {
    let row = snapshot.rows(View::default()).find(|row| row.process.id.pid == pid).unwrap();
    let cell = |column: &Column| match (column.value)(&row) {
        Value::Unknown => "-".to_owned(),
        Value::Count(number) => number.to_string(),
        Value::Signed(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(words) => words.into_owned(),
    };
    COLUMNS.iter().map(|column| (column.id, cell(column))).collect()
}

fn output_of(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).env("LC_ALL", "C").env("TZ", "UTC").output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {words:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn ps(pid: u32, format: &str) -> String {
    output_of("ps", &["-o", format, "--no-headers", "-p", &pid.to_string()])
}

/// Our column, `ps`'s format, and how its words are ours.
type Pair = (&'static str, &'static str, fn(&str) -> String);

const PAIRS: &[Pair] = &[
    ("pid", "pid", str::to_owned),
    ("parent", "ppid", str::to_owned),
    ("session_id", "sid", str::to_owned),
    ("process_group", "pgid", str::to_owned),
    ("terminal", "tty", |tty| tty.replace('?', "-")),
    ("threads", "nlwp", str::to_owned),
    // ps has 0 for some of the policies without one.
    ("rt_priority", "rtprio", |priority| if priority == "0" { "-".to_owned() } else { priority.to_owned() }),
    ("policy", "cls", |class| {
        let names = [("TS", "Normal"), ("FF", "FIFO"), ("RR", "RR"), ("B", "Batch"), ("IDL", "Idle")];
        names.iter().find(|(theirs, _)| *theirs == class).map_or("?", |(_, ours)| ours).to_owned()
    }),
    ("processor", "psr", str::to_owned),
    ("waiting_channel", "wchan:60", str::to_owned),
    ("major_faults", "maj_flt", str::to_owned),
    ("minor_faults", "min_flt", str::to_owned),
    ("name", "comm", str::to_owned),
    ("command_line", "args", str::to_owned),
    ("executable", "exe", str::to_owned),
    ("oom_score", "oom", str::to_owned),
    ("oom_score_adj", "oomadj", str::to_owned),
];

#[test]
fn children_are_what_ps_says_of_them() {
    let ways: [&[&str]; 8] = [
        &["env"],
        &["setsid"],
        &["nice", "-n", "7"],
        &["chrt", "--batch", "0"],
        &["chrt", "--idle", "0"],
        &["chrt", "--fifo", "10"],
        &["chrt", "--rr", "20"],
        &["choom", "-n", "300", "--"],
    ];
    let children: Vec<_> = ways.iter().filter_map(|way| Sleeper::under(way)).collect();
    assert!(children.len() >= 5, "only {} of them run here", children.len());
    let known = output_of("ps", &["L"]);
    let known = |format: &str| {
        let format = format.split(':').next().unwrap();
        known.lines().any(|line| line.split_whitespace().next() == Some(format))
    };
    let mut compared = 0;
    for child in &children {
        let (pid, mut differences) = (child.pid(), Vec::new());
        // Memory pressure or a forced move may touch even a sleeper: one look out of three must agree.
        for _ in 0..3 {
            differences.clear();
            let ours = cells(&live(), pid);
            for (column, format, of) in PAIRS.iter().filter(|pair| known(pair.1)) {
                let theirs = of(&ps(pid, &format!("{format}=")));
                if ours[column] != theirs {
                    differences.push(format!("{column}: {}, ps has {theirs}", ours[column]));
                }
                compared += 1;
            }
            // A real-time process has a nice value for the kernel, and none for ps.
            let nice = ps(pid, "ni=");
            if nice != "-" && ours["nice"] != nice {
                differences.push(format!("nice: {}, ps has {nice}", ours["nice"]));
            }
            // ps gives whole seconds, and counts them from another clock.
            let started = output_of("date", &["-d", &ps(pid, "lstart="), "+%s"]).parse::<f64>().unwrap();
            if (ours["start_time"].parse::<f64>().unwrap() - started).abs() > 1.5 {
                differences.push(format!("start_time: {}, ps has {started}", ours["start_time"]));
            }
            let age: f64 = ps(pid, "etimes=").parse().unwrap();
            if (ours["age"].parse::<f64>().unwrap() - age).abs() > 2.0 {
                differences.push(format!("age: {}, ps has {age}", ours["age"]));
            }
            if differences.is_empty() {
                break;
            }
        }
        assert!(differences.is_empty(), "{pid}: {}", differences.join("\n"));
    }
    assert!(compared >= children.len() * 12, "{compared}");
}

#[test]
fn children_are_what_was_done_to_them() {
    let cases: [(&[&str], &str, &str); 8] = [
        (&["nice", "-n", "19"], "priority", "Very Low"),
        (&["chrt", "--fifo", "10"], "rt_priority", "10"),
        (&["chrt", "--fifo", "10"], "policy", "FIFO"),
        (&["chrt", "--idle", "0"], "policy", "Idle"),
        (&["ionice", "-c", "2", "-n", "7"], "io_priority", "Best Effort 7"),
        (&["ionice", "-c", "3"], "io_priority", "Idle"),
        (&["taskset", "-c", "0"], "affinity", "0"),
        (&["choom", "-n", "321", "--"], "oom_score_adj", "321"),
    ];
    let mut done = 0;
    for (way, column, expected) in cases {
        let Some(child) = Sleeper::under(way) else { continue };
        assert_eq!(cells(&live(), child.pid())[column], expected, "{way:?}");
        done += 1;
    }
    assert!(done >= 4, "only {done} of them run here");
}

#[test]
fn a_terminal_has_its_name() {
    // The shell of script(1) has a terminal of its own and tells which.
    let mut child = Command::new("script");
    child.args(["--quiet", "--command", "tty; echo $$; exec sleep 600", "/dev/null"]);
    let Ok(mut child) = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        eprintln!("skipped: no script(1) here");
        return;
    };
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let mut line = || lines.next().unwrap().unwrap().trim().to_owned();
    let (tty, pid) = (line(), line().parse().unwrap());
    let cells = cells(&live(), pid);
    let _ = child.kill();
    let _ = child.wait();
    assert_eq!(Some(&*cells["terminal"]), tty.strip_prefix("/dev/"));
}

#[test]
fn files_of_a_child_are_where_the_kernel_says() {
    let child = Sleeper::under(&["env"]).unwrap();
    let pid = child.pid();
    let cells = cells(&live(), pid);
    let of = |name: &str| Path::new("/proc").join(pid.to_string()).join(name);
    let link = |name: &str| fs::read_link(of(name)).unwrap().into_os_string().into_string().unwrap();
    assert_eq!(cells["executable"], link("exe"));
    assert_eq!(cells["working_directory"], "/usr");
    assert_eq!(cells["fds"], fs::read_dir(of("fd")).unwrap().count().to_string());
    assert_eq!(cells["control_group"], {
        let groups = fs::read_to_string(of("cgroup")).unwrap();
        let unified = groups.lines().find_map(|line| line.strip_prefix("0::"));
        let systemd = groups.lines().find_map(|line| line.split_once(":name=systemd:"));
        match (unified, systemd) {
            (Some("/") | None, Some((_, path))) => path.to_owned(),
            (path, _) => path.unwrap_or("-").to_owned(),
        }
    });
    let rollup = fs::read_to_string(of("smaps_rollup")).unwrap();
    let kib = |key: &str| -> u64 {
        let line = rollup.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    assert_eq!(cells["writable"], (kib("Private_Dirty:") * 1024).to_string());
    // Its share of a library's pages changes when others come and go.
    let pss: u64 = cells["pss"].parse().unwrap();
    assert!(pss > 0 && pss <= kib("Rss:") * 1024, "{pss}");
    let status = fs::read_to_string(of("status")).unwrap();
    let field = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.trim().trim_end_matches(" kB").to_owned()
    };
    for (id, key) in [("private", "RssAnon:"), ("swap", "VmSwap:"), ("peak_resident", "VmHWM:")] {
        let kib: u64 = field(key).parse().unwrap();
        assert_eq!(cells[id], (kib * 1024).to_string(), "{id}");
    }
    assert_eq!(cells["affinity"], field("Cpus_allowed_list:"));
    assert_eq!(cells["ctx_switches_vol"], field("voluntary_ctxt_switches:"));
    assert_eq!(cells["ctx_switches_invol"], field("nonvoluntary_ctxt_switches:"));
    // A namespace of its own is told, the others are not.
    assert_eq!(cells["namespaces"], "");
    if let Some(child) = Sleeper::under(&["unshare", "--uts", "--ipc"]) {
        assert_eq!(self::cells(&live(), child.pid())["namespaces"], "ipc uts");
    }
}
