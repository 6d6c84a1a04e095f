//! The mappings of real processes against what the kernel says elsewhere, and of processes that will not tell.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use gnomon::identity::{Identity, ProcessId};
use gnomon::inspect::deadline::DeadlineReader;
use gnomon::inspect::memory_maps::{MapKind, memory_maps_with};
use gnomon::inspect::{InspectError, MemoryMaps, memory_maps};
use rustix::fs::{CWD, FileType, Mode, mknodat};

const PROC: &str = "/proc";
static GO_ON: AtomicBool = AtomicBool::new(false);
const LONG: Duration = Duration::from_secs(30);

struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Guard {
    /// A child that has come to rest in its sleep, its libraries mapped.
    fn sleeper(program: &OsStr) -> Self {
        let child = Self(Command::new(program).arg("1000").spawn().unwrap());
        let stat_path = format!("{PROC}/{}/stat", child.0.id());
        let call = format!("{PROC}/{}/syscall", child.0.id());
        eventually("asleep", || {
            let stat = String::from_utf8_lossy(&fs::read(&stat_path).unwrap()).into_owned();
            let asleep = stat[stat.rfind(')').unwrap()..].starts_with(") S");
            // Not a wait while it is still loading: the same system call in two looks in a row.
            asleep && {
                let before = fs::read(&call).ok();
                std::thread::sleep(Duration::from_millis(5));
                before == fs::read(&call).ok()
            }
        });
        child
    }

    fn id(&self) -> ProcessId {
        identity(Path::new(PROC), self.0.id())
    }
}

fn identity(proc: &Path, pid: u32) -> ProcessId {
    Identity::read(proc, pid).unwrap().unwrap().id
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A copy of /proc with one process, ours, whose files the test makes.
struct CopiedProc {
    root: PathBuf,
    id: ProcessId,
}

impl CopiedProc {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("gnomon-maps-{name}-{}", std::process::id()));
        let pid = std::process::id();
        fs::create_dir_all(root.join(pid.to_string())).unwrap();
        fs::copy(format!("{PROC}/{pid}/stat"), root.join(pid.to_string()).join("stat")).unwrap();
        let id = identity(&root, pid);
        Self { root, id }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root.join(self.id.pid.to_string()).join(name)
    }

    fn fifo(&self, name: &str) -> PathBuf {
        mknodat(CWD, self.file(name), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        self.file(name)
    }
}

impl Drop for CopiedProc {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The values of smaps_rollup, in bytes, by the kernel's names.
fn rollup(pid: u32) -> Option<Vec<(String, u64)>> {
    let text = fs::read_to_string(format!("{PROC}/{pid}/smaps_rollup")).ok()?;
    let values = text.lines().skip(1).map(|line| {
        let (key, value) = line.split_once(':').unwrap();
        (key.to_owned(), value.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024)
    });
    Some(values.collect())
}

/// Other programs start and end and share pages or no longer do: only a moment in which the kernel's own sums
/// stood still can be compared.
#[test]
fn totals_are_those_of_smaps_rollup() {
    let child = Guard::sleeper(OsStr::new("sleep"));
    let pid = child.0.id();
    if rollup(pid).is_none() {
        eprintln!("skipped: this kernel has no smaps_rollup");
        return;
    }
    let start = Instant::now();
    let (maps, sums) = loop {
        let before = rollup(pid).unwrap();
        let maps = memory_maps(Path::new(PROC), child.id(), &GO_ON).unwrap();
        if before == rollup(pid).unwrap() {
            break (maps, before);
        }
        assert!(start.elapsed() < LONG, "the kernel's sums never stand still");
    };
    let sum = |key: &str| sums.iter().find(|(name, _)| name == key).map(|(_, bytes)| *bytes);
    let usage = maps.usage;
    assert!(usage.resident_bytes > Some(0));
    assert_eq!(usage.resident_bytes, sum("Rss"));
    assert_eq!(usage.private_clean_bytes, sum("Private_Clean"));
    assert_eq!(usage.private_dirty_bytes, sum("Private_Dirty"));
    assert_eq!(usage.shared_clean_bytes, sum("Shared_Clean"));
    assert_eq!(usage.shared_dirty_bytes, sum("Shared_Dirty"));
    assert_eq!(usage.swap_bytes, sum("Swap"));
    // smaps rounds each mapping's PSS down to KiB, the rollup only their sum.
    let (ours, kernels) = (usage.pss_bytes.unwrap(), sum("Pss").unwrap());
    let lost = maps.rows.len() as u64 * 1024;
    assert!((kernels - lost.min(kernels)..=kernels).contains(&ours), "{ours} against {kernels}");
}

#[test]
fn areas_are_found_where_the_kernel_says_they_are() {
    let child = Guard::sleeper(OsStr::new("sleep"));
    let pid = child.0.id();
    let maps = memory_maps(Path::new(PROC), child.id(), &GO_ON).unwrap();
    // Addresses of the same things from another file, proc_pid_stat(5): fields 28 (stack) and 26 (code).
    let stat = fs::read_to_string(format!("{PROC}/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
    let at = |number: usize| {
        let address: u64 = fields[number - 3].parse().unwrap();
        maps.rows.iter().find(|row| (row.start..row.end).contains(&address)).unwrap()
    };
    assert_eq!(at(28).kind, MapKind::Stack);
    assert_eq!(&at(28).permissions[..2], b"rw");
    let exe = fs::read_link(format!("{PROC}/{pid}/exe")).unwrap();
    let code = at(26);
    assert_eq!((code.kind, code.name.as_slice()), (MapKind::File, exe.as_os_str().as_bytes()));
    assert_eq!(code.permissions, *b"r-xp");
    assert!(code.offset < fs::metadata(&exe).unwrap().size() && code.inode > 0);
    assert!(maps.rows.is_sorted_by_key(|row| row.start));
    let lines = fs::read(format!("{PROC}/{pid}/maps")).unwrap();
    assert_eq!(maps.rows.len(), lines.split(|byte| *byte == b'\n').count() - 1);
}

#[test]
fn a_hostile_path_keeps_its_bytes() {
    let name = b"[heap] 7f00-7f01 rwxp\n\xff\x1b[31m\xe2\x80\xae Rss: 9 kB\t (deleted)";
    let folder = std::env::temp_dir().join(format!("gnomon-hostile-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(OsStr::from_bytes(name));
    // Some systems' sleep is one of many names for one program: a shell finds the real one.
    let sleep = Command::new("sh").args(["-c", "command -v sleep"]).output().unwrap().stdout;
    fs::copy(OsStr::from_bytes(sleep.trim_ascii_end()), &path).unwrap();
    let child = Guard::sleeper(path.as_os_str());
    let maps = memory_maps(Path::new(PROC), child.id(), &GO_ON).unwrap();
    let own = maps.rows.iter().filter(|row| row.name == path.as_os_str().as_bytes());
    assert!(own.clone().count() > 1 && own.clone().all(|row| row.kind == MapKind::File), "{maps:?}");
    assert!(own.clone().any(|row| row.usage.resident_bytes > Some(0)));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_wrong_process_is_gone_and_a_zombie_has_nothing() {
    let mut child = Guard::sleeper(OsStr::new("sleep"));
    let id = child.id();
    let other = ProcessId { start_ticks: id.start_ticks + 1, ..id };
    let gone = memory_maps(Path::new(PROC), other, &GO_ON);
    assert!(matches!(gone, Err(InspectError::Gone)), "{gone:?}");
    child.0.kill().unwrap();
    eventually("a zombie", || {
        fs::read(format!("{PROC}/{}/stat", id.pid)).unwrap().windows(4).any(|four| four == b") Z ")
    });
    let zombie = memory_maps(Path::new(PROC), id, &GO_ON).unwrap();
    assert_eq!(zombie, MemoryMaps::from_bytes(b""));
    child.0.wait().unwrap();
    assert!(matches!(memory_maps(Path::new(PROC), id, &GO_ON), Err(InspectError::Gone)));
}

#[test]
fn without_smaps_the_sizes_are_left() {
    let copy = CopiedProc::new("plain");
    let maps =
        "1000-5000 r-xp 00002000 fe:01 77                        /usr/bin/x\n5000-6000 rw-p 0 00:00 0 \n";
    fs::write(copy.file("maps"), maps).unwrap();
    let maps = memory_maps(&copy.root, copy.id, &GO_ON).unwrap();
    assert_eq!((maps.rows.len(), maps.size_bytes), (2, 0x5000));
    assert_eq!(maps.usage.resident_bytes, None);
    assert_eq!((maps.rows[0].device, maps.rows[0].offset), ((0xfe, 1), 0x2000));
    fs::remove_file(copy.file("maps")).unwrap();
    let error = memory_maps(&copy.root, copy.id, &GO_ON).unwrap_err();
    assert!(error.to_string().contains(copy.file("maps").to_str().unwrap()), "{error}");
}

#[test]
fn smaps_that_hangs_times_out_and_can_be_cancelled() {
    let copy = CopiedProc::new("fifo");
    let fifo = copy.fifo("smaps");
    let reader = DeadlineReader::new(2);
    for _ in 0..2 {
        let late = memory_maps_with(&reader, Duration::from_millis(30), &copy.root, copy.id, &GO_ON);
        assert!(matches!(&late, Err(InspectError::TimedOut(path)) if *path == fifo), "{late:?}");
    }
    assert_eq!(reader.hung(), 1);
    drop(File::options().write(true).open(&fifo).unwrap());
    eventually("the thread is back", || reader.hung() == 0);
    let cancel = AtomicBool::new(true);
    let cancelled = memory_maps_with(&reader, Duration::MAX, &copy.root, copy.id, &cancel);
    assert!(matches!(cancelled, Err(InspectError::Cancelled)), "{cancelled:?}");
}

#[test]
fn a_pid_that_changes_hands_while_it_is_read_is_gone() {
    let copy = CopiedProc::new("reuse");
    let fifo = copy.fifo("smaps");
    let reader = DeadlineReader::new(2);
    let result = std::thread::scope(|scope| {
        let reading = scope.spawn(|| memory_maps_with(&reader, LONG, &copy.root, copy.id, &GO_ON));
        // Opens when the reading has begun, after the first look at who it is.
        let mut smaps = File::options().write(true).open(&fifo).unwrap();
        smaps.write_all(b"1000-2000 r--p 0 00:00 0 \nRss: 4 kB\n").unwrap();
        let stat = fs::read_to_string(copy.file("stat")).unwrap();
        let other = (copy.id.start_ticks + 1).to_string();
        fs::write(copy.file("stat"), stat.replace(&copy.id.start_ticks.to_string(), &other)).unwrap();
        drop(smaps);
        reading.join().unwrap()
    });
    assert!(matches!(result, Err(InspectError::Gone)), "{result:?}");
}

/// What another user's process maps is refused, and says which file.
#[test]
fn another_users_process_is_denied() {
    const ROLE: &str = "GNOMON_TEST_ROLE";
    if let Ok(pid) = std::env::var(ROLE) {
        let id = identity(Path::new(PROC), pid.parse().unwrap());
        let denied = memory_maps(Path::new(PROC), id, &GO_ON).unwrap_err();
        assert!(matches!(&denied, InspectError::Denied(path) if path.ends_with("maps")), "{denied}");
        println!("was denied");
        return;
    }
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can start a process of another user");
        return;
    }
    let program = std::env::temp_dir().join(format!("gnomon-maps-test-{}", std::process::id()));
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let victim = Guard::sleeper(OsStr::new("sleep"));
    let output = Command::new(&program)
        .args(["--exact", "another_users_process_is_denied", "--nocapture"])
        .env(ROLE, victim.0.id().to_string())
        .current_dir("/")
        .uid(65534)
        .gid(65534)
        .output();
    fs::remove_file(&program).unwrap();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("was denied"), "{said}{errors}");
}
