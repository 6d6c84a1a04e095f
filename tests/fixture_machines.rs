//! Captured machines through the whole of the sampler: as many rows as there are processes, names byte for
//! byte, and the values that their files say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gnomon::columns::{COLUMNS, Column, Row, Value, View, needs_of};
use gnomon::sample::{Demand, Needs, Sample, Sampler, Usage};
use gnomon::snapshot::{MemoryUse, Snapshot};
use gnomon::source::Source;
use serde_json::Value as Json;

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The first sample of a captured machine, with everything that can be asked for.
fn sampled(name: &str) -> Sample {
    let mut sampler = Sampler::new(Source::open(&root(name)).unwrap());
    sampler.wait_for_file_systems();
    sampler.tick(&Demand::of(Needs::all())).unwrap()
}

/// The pids that have a directory.
fn pids(name: &str) -> Vec<u32> {
    let entries = fs::read_dir(root(name).join("proc")).unwrap();
    let mut pids: Vec<u32> =
        entries.filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().parse().ok()).collect();
    pids.sort_unstable();
    pids
}

fn file_of(name: &str, pid: u32, file: &str) -> Vec<u8> {
    let path = root(name).join(format!("proc/{pid}/{file}"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_process_of_a_machine_is_a_row() {
    for (machine, rows) in [("captured-6.18/proc-hostile", 41), ("laptop", 30)] {
        let sample = sampled(machine);
        let found: Vec<_> = sample.processes.iter().map(|process| process.id.pid).collect();
        assert_eq!(found, pids(machine), "{machine}");
        assert_eq!((found.len(), sample.unreadable.len()), (rows, 0), "{machine}");
        for process in &sample.processes {
            let comm = file_of(machine, process.id.pid, "comm");
            assert_eq!([&process.facts.comm, &b"\n"[..]].concat(), comm, "{machine}: {}", process.id);
            let arguments = file_of(machine, process.id.pid, "cmdline");
            let ours = process.facts.arguments.as_deref();
            // A kernel thread has no arguments; nobody reads its empty file.
            let expected = (!process.facts.kernel_thread).then_some(&*arguments);
            assert_eq!(ours, expected, "{machine}: {}", process.id);
        }
    }
}

#[test]
fn a_process_without_a_readable_stat_is_counted_and_not_hidden() {
    let scratch = Scratch::of("captured-6.18/proc-hostile");
    fs::write(scratch.0.join("proc/6492/stat"), "6492 (torn").unwrap();
    fs::write(scratch.0.join("proc/6493/stat"), "").unwrap();
    // A process that ended between the listing and the reading.
    fs::remove_file(scratch.0.join("proc/6494/stat")).unwrap();
    let mut sampler = Sampler::new(Source::open(&scratch.0).unwrap());
    let sample = sampler.tick(&Demand::of(Needs::all())).unwrap();
    assert_eq!(sample.unreadable, [6492, 6493]);
    assert_eq!(sample.processes.len(), 41 - 3);
    // It can be read again.
    let whole = file_of("captured-6.18/proc-hostile", 6492, "stat");
    fs::write(scratch.0.join("proc/6492/stat"), whole).unwrap();
    let sample = sampler.tick(&Demand::of(Needs::all())).unwrap();
    assert_eq!((sample.unreadable, sample.processes.len()), (vec![6493], 41 - 2));
}

/// A copy of a machine's processes that a test may spoil.
struct Scratch(PathBuf);

impl Scratch {
    fn of(machine: &str) -> Self {
        let to = std::env::temp_dir().join(format!("gnomon-machine-{}", std::process::id()));
        for pid in pids(machine) {
            let dir = format!("proc/{pid}");
            fs::create_dir_all(to.join(&dir)).unwrap();
            for file in ["stat", "statm", "status", "io", "cmdline", "cgroup"] {
                fs::write(to.join(&dir).join(file), file_of(machine, pid, file)).unwrap();
            }
        }
        Self(to)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What was done to each process of the capture, by pid.
fn expectations(field: &str) -> BTreeMap<u32, Json> {
    let bytes = fs::read(root("captured-6.18/expected.json")).unwrap();
    let all: Json = serde_json::from_slice(&bytes).unwrap();
    let all = all["expected"].as_array().unwrap().iter().filter(|entry| entry["field"] == field);
    all.map(|entry| {
        let pid = entry["file"].as_str().unwrap().split('/').nth(2).unwrap();
        (pid.parse().unwrap(), entry["value"].clone())
    })
    .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn hostile_processes_are_what_was_done_to_them() {
    let sample = sampled("captured-6.18/proc-hostile");
    let process = |pid: u32| sample.processes.iter().find(|process| process.id.pid == pid).unwrap();
    let names = expectations("comm (bytes, hex)");
    assert_eq!(names.len(), 20);
    for (pid, name) in names {
        assert_eq!(hex(&process(pid).facts.comm), name.as_str().unwrap(), "{pid}");
    }
    let counts = expectations("argv count");
    assert_eq!(counts.len(), 7);
    for (pid, count) in counts {
        let arguments = process(pid).facts.arguments.as_deref().unwrap();
        assert_eq!(gnomon::kernel::pid_cmdline::arguments(arguments).count(), count, "{pid}");
    }
    for (pid, state) in expectations("state") {
        assert_eq!(char::from(process(pid).state).to_string(), state.as_str().unwrap(), "{pid}");
    }
    for (pid, uids) in expectations("Uid") {
        assert_eq!(process(pid).facts.uid, uids[1].as_u64().map(|uid| uid as u32), "{pid}");
    }
    for (pid, pair) in expectations("priority,nice") {
        assert_eq!(
            [process(pid).priority, process(pid).nice].to_vec(),
            pair.as_array().unwrap().clone(),
            "{pid}"
        );
    }
}

#[test]
fn kernel_threads_are_known_by_their_flag_only() {
    let sample = sampled("captured-6.18/proc-hostile");
    let expected = expectations("is_kernel_thread");
    assert_eq!(expected.len(), 7);
    let mut posing = 0;
    for process in &sample.processes {
        let pid = process.id.pid;
        let thread = expected.get(&pid).is_some_and(|value| value == true);
        assert_eq!(process.facts.kernel_thread, thread, "{pid}");
        assert_eq!(process.memory.is_none(), thread, "{pid}: a kernel thread has no memory of its own");
        posing += u32::from(!thread && process.facts.comm.starts_with(b"kworker/"));
    }
    assert_eq!(posing, 1, "one process calls itself a kernel thread");
}

/// The values of a process's row, by the ids of the columns.
fn row<'s>(snapshot: &'s Snapshot, pid: u32) -> BTreeMap<&'static str, Value<'s>> {
    let index = snapshot.sample.processes.iter().position(|process| process.id.pid == pid).unwrap();
    let row: Row<'s> = snapshot.row(index, View::default()).unwrap();
    COLUMNS.iter().map(|column| (column.id, (column.value)(&row))).collect()
}

#[test]
fn rows_of_the_laptop() {
    let now = Arc::new(sampled("laptop"));
    let snapshot = Snapshot::new(None, Arc::clone(&now));
    let word = |text: &'static str| Value::Text(text.into());
    // Memory is what statm says: (resident − shared) pages of this machine's size.
    let page = now.machine.page_bytes;
    let expected = [
        (1, "systemd", "root", None),
        (71, "kworker/u8:1-events_unbound", "root", None),
        (301, "systemd-journald", "root", Some(5325 - 4550)),
        (1211, "(sd-pam)", "anna", None),
        (1240, "gdm-session-worker", "root", None),
        (2210, "gnome-terminal-server", "anna", Some(23550 - 14025)),
        (3033, "firefox", "anna", Some(218_875 - 65_800)),
        (3120, "Isolated Web Co", "anna", Some(110_425 - 35_125)),
        // A user of a container, whom this machine's database does not know.
        (3984, "postgres", "100998", Some(11_900 - 8875)),
    ];
    for (pid, name, user, pages) in expected {
        let row = row(&snapshot, pid);
        assert_eq!(row["pid"], Value::Count(pid.into()));
        assert_eq!((&row["name"], &row["user"]), (&word(name), &word(user)), "{pid}");
        if let Some(pages) = pages {
            assert_eq!(row["memory"], Value::Count(pages * page), "{pid}");
        }
        for rate in ["cpu", "disk_read", "disk_write"] {
            assert_eq!(row[rate], Value::Unknown, "{rate} of {pid} at first sight");
        }
    }
    assert_eq!(row(&snapshot, 71)["memory"], Value::Unknown);
    let process = |pid: u32| now.processes.iter().find(|process| process.id.pid == pid).unwrap();
    let firefox = process(3033);
    assert_eq!((firefox.parent, firefox.threads, firefox.state), (3021, 96, b'S'));
    assert_eq!((firefox.user_ticks, firefox.system_ticks, firefox.id.start_ticks), (48_120, 9120, 61_010));
    assert_eq!(firefox.cpu_ns, (48_120 + 9120) * (1_000_000_000 / now.machine.clock_ticks));
    assert_eq!((firefox.minor_faults, firefox.major_faults), (1_802_110, 1240));
    assert_eq!(firefox.virtual_bytes, Some(12_093_689_856));
    let io = firefox.io.unwrap();
    assert_eq!((io.read_bytes, io.write_bytes), (Some(754_974_720), Some(954_204_160)));
    let states = [(2260, b'T'), (4388, b'Z'), (4402, b'D'), (4480, b'R'), (15, b'I')];
    assert_eq!(states.map(|(pid, _)| (pid, process(pid).state)), states);
    assert_eq!([1260, 4402, 4480].map(|pid| process(pid).nice), [-11, 19, 10]);
    assert_eq!((process(16).priority, process(230).priority), (-100, -51));
    let threads = now.processes.iter().filter(|process| process.facts.kernel_thread).count();
    assert_eq!(threads, 8);
}

#[test]
fn a_captured_machine_that_stands_still_is_idle() {
    let source = || Source::open(&root("laptop")).unwrap();
    let demand = Demand::of_all(needs_of(COLUMNS) | Needs::CPU);
    let mut sampler = Sampler::new(source());
    let before = sampler.tick(&demand).unwrap();
    let mut now = sampler.tick(&demand).unwrap();
    assert_eq!(now.processes, before.processes);
    now.time = before.time;
    now.time.monotonic_ns += 1_000_000_000;
    now.time.boottime_ns += 1_000_000_000;
    let snapshot = Snapshot::new(Some(&before), Arc::new(now));
    let cpu = Column::by_id("cpu").unwrap();
    assert_eq!(snapshot.total(cpu, View::default()), Value::Real(0.0));
    assert_eq!(row(&snapshot, 3033)["disk_read"], Value::Real(0.0));
}

#[test]
fn the_system_of_the_laptop() {
    let sample = sampled("laptop");
    let machine = &sample.machine;
    assert_eq!(
        (machine.host.as_deref(), machine.kernel.as_deref()),
        (Some("meadow"), Some("6.12.48+deb13-amd64"))
    );
    assert_eq!(machine.distribution.as_deref(), Some("Debian GNU/Linux 13 (trixie)"));
    assert!(!machine.boot_id.is_empty() && machine.cpu_model.is_some());
    let system = &sample.system;
    let memory = system.memory.unwrap();
    let kib = 1024;
    let use_ = MemoryUse::of(&memory).unwrap();
    assert_eq!((use_.total, use_.available), (16_324_080 * kib, 13_630_220 * kib));
    assert_eq!(use_.used, (16_324_080 - 13_630_220) * kib);
    assert_eq!(use_.cache, (310_220 + 5_210_332 + 240_332) * kib);
    assert_eq!(use_.swap, Some(((8_388_604 - 8_348_240) * kib, 8_388_604 * kib)));
    let stat = system.stat.as_ref().unwrap();
    assert_eq!(stat.cpus.iter().map(|cpu| cpu.number).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let total = stat.total.unwrap();
    assert_eq!((total.user, total.idle, total.iowait), (Some(148_540), Some(1_789_806), Some(6460)));
    let load = system.load.unwrap();
    assert_eq!((load.one_minute, load.fifteen_minutes, load.last_pid), (Some(1.42), Some(0.71), Some(4480)));
    let network = system.network.as_ref().unwrap();
    let wlan = network.iter().find(|interface| &*interface.name == b"wlan0").unwrap();
    assert_eq!((wlan.received.bytes, wlan.sent.bytes), (Some(912_044_110), Some(61_204_410)));
    assert_eq!((wlan.received.dropped, wlan.sent.dropped), (Some(31), Some(2)));
    assert_eq!(sample.users.get(&1000).map(|name| &**name), Some("anna"));
    assert_eq!(sample.users.get(&100_998), None);
}

#[test]
fn mounts_of_a_captured_machine_are_listed_and_not_asked() {
    let sample = sampled("laptop");
    let all = sample.system.file_systems.as_ref().unwrap();
    let ordinary: Vec<_> = all
        .iter()
        .filter(|mount| mount.ordinary)
        .map(|mount| (&*mount.device, &*mount.directory, &*mount.kind))
        .collect();
    let expected: [(&[u8], &[u8], &[u8]); 4] = [
        (b"/dev/nvme0n1p2", b"/", b"ext4"),
        (b"/dev/nvme0n1p1", b"/boot/efi", b"vfat"),
        (b"/dev/nvme0n1p3", b"/home", b"ext4"),
        (b"nas.local:/export/backup", b"/mnt/backup disk", b"nfs4"),
    ];
    assert_eq!(ordinary, expected);
    // The directory of that name on this machine is another one.
    assert!(all.iter().all(|mount| mount.usage == Usage::Unknown));
    let hostile = sampled("captured-6.18/mounts-hostile").system.file_systems.unwrap();
    let ends = |mount: &gnomon::sample::FileSystem| {
        mount.directory.strip_prefix(b"/tmp/h/rel/mnt/").map(|last| Json::from(hex(last)))
    };
    let found: Vec<_> = hostile.iter().filter_map(ends).collect();
    let bytes = fs::read(root("captured-6.18/expected.json")).unwrap();
    let all: Json = serde_json::from_slice(&bytes).unwrap();
    let field = "mount points under /tmp/h/rel/mnt (hex of last component)";
    let mut all = all["expected"].as_array().unwrap().iter();
    let expected = &all.find(|entry| entry["field"] == field).unwrap()["value"];
    assert_eq!(&Json::from(found), expected);
}
