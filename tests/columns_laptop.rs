//! Every column of four processes of a captured laptop, as its files say.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gnomon::columns::{COLUMNS, Value, View, needs_of};
use gnomon::sample::{Demand, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::Source;

/// What a cell should hold.
#[derive(Debug, Clone, Copy)]
enum Is {
    /// Not known, or not so.
    No,
    N(u64),
    /// Signed.
    S(i64),
    /// A time or share.
    R(f64),
    /// Words.
    T(&'static str),
    /// Bytes in so many pages.
    Pages(u64),
    KiB(u64),
}

use Is::{KiB, N, No, Pages, R, S, T};

/// vim on a terminal, stopped; a process of Firefox from Flatpak; PostgreSQL in Podman; a kernel thread.
const PIDS: [u32; 4] = [2260, 3120, 4010, 16];

const VTE: &str = "vte-spawn-3c6f2a10-9a51-4b6e-8d1b-1f0e2d3c4b5a.scope";
const VTE_GROUP: &str = "/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/\
    vte-spawn-3c6f2a10-9a51-4b6e-8d1b-1f0e2d3c4b5a.scope";
const FIREFOX: &str = "app-flatpak-org.mozilla.firefox-3021.scope";
const FIREFOX_GROUP: &str =
    "/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.mozilla.firefox-3021.scope";
const PODMAN: &str = "libpod-4b1f0c9e7d3a52861c0de9f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7.scope";
const PODMAN_GROUP: &str = "/machine.slice/\
    libpod-4b1f0c9e7d3a52861c0de9f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7.scope/container";

#[rustfmt::skip] // a table
const EXPECTED: &[(&str, [Is; 4])] = &[
    ("name", [T("vim"), T("Isolated Web Co"), T("postgres"), T("migration/0")]),
    ("pid", [N(2260), N(3120), N(4010), N(16)]),
    ("parent", [N(2240), N(3033), N(3984), N(2)]),
    ("user", [T("anna"), T("anna"), T("100998"), T("root")]),
    ("owner", [T("anna"), T("anna"), No, No]),
    ("state", [T("Stopped"), T("Sleeping"), T("Sleeping"), T("Sleeping")]),
    ("command_line", [T("vim notes 2026.md"), T("/app/lib/firefox/firefox -contentproc -childID 4 tab"),
        T("postgres: checkpointer "), No]),
    ("executable", [T("/usr/bin/vim.basic"), T("/app/lib/firefox/firefox"), T("/usr/local/bin/postgres"), No]),
    ("working_directory", [T("/home/anna"), T("/home/anna"), T("/var/lib/postgresql/data"), T("/")]),
    ("session_id", [N(2240), N(1210), N(4010), N(0)]),
    ("process_group", [N(2260), N(3021), N(4010), N(0)]),
    ("terminal", [T("pts/0"), No, No, No]),
    // The machine booted at 1760000000 and has been up for 5025.4 s.
    ("start_time", [R(1_760_000_310.0), R(1_760_000_614.0), R(1_760_001_200.5), R(1_760_000_000.03)]),
    ("age", [R(4715.4), R(4411.4), R(3824.9), R(5025.37)]),
    // At first sight nothing is known of what goes on.
    ("cpu", [No; 4]),
    ("cpu_time", [R(0.39), R(237.9), R(0.53), R(0.12)]),
    ("user_time", [R(0.31), R(218.7), R(0.22), R(0.0)]),
    ("system_time", [R(0.08), R(19.2), R(0.31), R(0.12)]),
    ("threads", [N(1), N(27), N(1), N(1)]),
    ("processor", [N(0), N(0), N(2), N(0)]),
    ("nice", [S(0), S(0), S(0), S(0)]),
    ("priority", [T("Normal"), T("Normal"), T("Normal"), T("Normal")]),
    ("rt_priority", [No, No, No, N(99)]),
    ("policy", [T("Normal"), T("Normal"), T("Normal"), T("FIFO")]),
    ("affinity", [T("0-3"), T("0-3"), T("0-3"), T("0")]),
    ("cpu_wait", [No; 4]),
    ("ctx_switches_vol", [N(160), N(79_061), N(294), N(95)]),
    ("ctx_switches_invol", [N(17), N(11_575), N(21), N(4)]),
    ("memory", [Pages(3325 - 2025), Pages(110_425 - 35_125), Pages(4075 - 3725), No]),
    ("resident", [Pages(3325), Pages(110_425), Pages(4075), No]),
    ("shared", [Pages(2025), Pages(35_125), Pages(3725), No]),
    ("private", [KiB(5200), KiB(301_200), KiB(1400), No]),
    ("virtual", [N(26_750_976), N(2_980_032_512), N(223_797_248), N(0)]),
    ("swap", [N(0), KiB(8192), N(0), No]),
    ("pss", [KiB(10_264), KiB(387_464), KiB(9489), No]),
    ("uss", [KiB(4052 + 5200), KiB(64_052 + 301_200), KiB(2552 + 1400), No]),
    ("writable", [KiB(5200), KiB(301_200), KiB(1400), No]),
    ("peak_resident", [KiB(13_556), KiB(441_956), KiB(16_556), No]),
    ("minor_faults", [N(1000), N(702_110), N(1000), N(0)]),
    ("major_faults", [N(5), N(210), N(5), N(0)]),
    ("oom_score", [N(766), N(734), N(666), N(0)]),
    ("oom_score_adj", [S(200), S(100), S(0), S(0)]),
    ("disk_read", [No; 4]),
    ("disk_write", [No; 4]),
    ("disk_read_total", [N(6_291_456), N(12_582_912), N(1_048_576), N(0)]),
    ("disk_write_total", [N(40_960), N(0), N(62_914_560), N(0)]),
    ("io_delay", [No; 4]),
    // Another machine's processes cannot be asked.
    ("io_priority", [No; 4]),
    ("unit", [T(VTE), T(FIREFOX), T(PODMAN), No]),
    ("control_group", [T(VTE_GROUP), T(FIREFOX_GROUP), T(PODMAN_GROUP), T("/")]),
    ("session", [T("2"), T("2"), No, No]),
    ("seat", [T("seat0"), T("seat0"), No, No]),
    ("container", [No, No, T("Podman 4b1f0c9e7d3a"), No]),
    ("application", [No, T("org.mozilla.firefox"), No, No]),
    ("security_context", [T("unconfined"), T("org.mozilla.firefox (unconfined)"), T("unconfined"), T("unconfined")]),
    ("namespaces", [T(""), T("mnt pid user"), T("cgroup ipc mnt net pid user uts"), T("")]),
    ("waiting_channel", [T("do_signal_stop"), T("do_epoll_wait"), T("do_epoll_wait"), T("do_epoll_wait")]),
    ("fds", [N(3), N(3), N(3), No]),
];

impl Is {
    fn holds(self, value: &Value<'_>, page: u64) -> bool {
        match (self, value) {
            (No, Value::Unknown) => true,
            (N(number), Value::Count(value)) => number == *value,
            (Pages(pages), Value::Count(value)) => pages * page == *value,
            (KiB(kib), Value::Count(value)) => kib * 1024 == *value,
            (S(number), Value::Signed(value)) => number == *value,
            // The nearest of the numbers that a computer has, give or take one.
            (R(number), Value::Real(value)) => (number - value).abs() <= number * 1e-15,
            (T(words), Value::Text(value)) => words == value,
            _ => false,
        }
    }
}

/// Columns whose group is built later have no place in the table yet; a column that is there must have one.
#[test]
fn every_column_of_four_processes_is_what_their_files_say() {
    let laptop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/laptop");
    let mut sampler = Sampler::new(Source::open(&laptop).unwrap());
    let sample = Arc::new(sampler.tick(&Demand::of_all(needs_of(COLUMNS))).unwrap());
    let page = sample.machine.page_bytes;
    let snapshot = Snapshot::new(None, sample);
    let expected: BTreeMap<_, _> = EXPECTED.iter().copied().collect();
    assert_eq!(expected.len(), EXPECTED.len(), "a column twice");
    assert!(expected.keys().all(|id| COLUMNS.iter().any(|column| column.id == *id)));
    let mut wrong = Vec::new();
    for (place, pid) in PIDS.into_iter().enumerate() {
        let row = snapshot.rows(View::default()).find(|row| row.process.id.pid == pid).unwrap();
        for column in COLUMNS {
            let value = (column.value)(&row);
            let expected =
                expected.get(column.id).unwrap_or_else(|| panic!("{} is not here", column.id))[place];
            if !expected.holds(&value, page) {
                wrong.push(format!("{} of {pid}: {value:?}, not {expected:?}", column.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A process of each kind that has something special about it.
#[test]
fn states_and_places_of_others() {
    let laptop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/laptop");
    let mut sampler = Sampler::new(Source::open(&laptop).unwrap());
    let sample = Arc::new(sampler.tick(&Demand::of_all(needs_of(COLUMNS))).unwrap());
    let snapshot = Snapshot::new(None, sample);
    let cases = [
        // In the scope of its session.
        (1240, "session", T("2")),
        (1240, "seat", T("seat0")),
        (1240, "unit", T("session-2.scope")),
        (1260, "priority", T("Very High")),
        (1301, "unit", T("org.gnome.Shell@wayland.service")),
        (4402, "priority", T("Very Low")),
        (4402, "waiting_channel", T("nfs_wait_bit_killable")),
        (4402, "state", T("Waiting")),
        (4480, "priority", T("Very Low")),
        // It runs, and waits nowhere.
        (4480, "waiting_channel", No),
        // A zombie has no memory, no files and no place in the kernel.
        (4388, "executable", No),
        (4388, "working_directory", No),
        (4388, "pss", No),
        (4388, "private", No),
        (4388, "fds", No),
        (4388, "waiting_channel", No),
        (4388, "unit", T("backup.service")),
        (230, "rt_priority", N(50)),
    ];
    for (pid, id, expected) in cases {
        let row = snapshot.rows(View::default()).find(|row| row.process.id.pid == pid).unwrap();
        let column = COLUMNS.iter().find(|column| column.id == id).unwrap();
        let value = (column.value)(&row);
        assert!(expected.holds(&value, 0), "{id} of {pid}: {value:?}, not {expected:?}");
    }
}
