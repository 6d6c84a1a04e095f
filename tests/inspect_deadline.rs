//! Files that do not answer, for real: FIFOs that nobody writes to.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gnomon::inspect::deadline::{DeadlineReader, ReadError};
use rustix::fs::{CWD, FileType, Mode, mknodat};

static GO_ON: AtomicBool = AtomicBool::new(false);
const SHORT: Duration = Duration::from_millis(30);
/// Longer than anything here takes; only a failing test waits that long.
const LONG: Duration = Duration::from_secs(30);

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gnomon-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn fifo(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Lets the reader that waits in the FIFO go: it sees the end of the file.
fn release(fifo: &Path) {
    drop(File::options().write(true).open(fifo).unwrap());
}

#[test]
fn a_file_that_answers_is_read_whole() {
    let folder = Folder::new("answers");
    let path = folder.0.join("file");
    let content: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
    fs::write(&path, &content).unwrap();
    let reader = DeadlineReader::new(1);
    assert_eq!(reader.read(&path, LONG, &GO_ON).unwrap(), content);
    let missing = reader.read(&folder.0.join("missing"), LONG, &GO_ON).unwrap_err();
    assert!(matches!(missing, ReadError::Io(error) if error.kind() == std::io::ErrorKind::NotFound));
    eventually("no thread left", || reader.hung() == 0);
}

#[test]
fn a_file_that_hangs_is_left_and_not_asked_again_until_it_answers() {
    let folder = Folder::new("hangs");
    let fifo = folder.fifo("fifo");
    let reader = DeadlineReader::new(4);
    assert!(matches!(reader.read(&fifo, SHORT, &GO_ON), Err(ReadError::TimedOut)));
    assert_eq!(reader.hung(), 1);
    for _ in 0..100 {
        assert!(matches!(reader.read(&fifo, LONG, &GO_ON), Err(ReadError::Quarantined)));
    }
    assert_eq!(reader.hung(), 1, "no second thread went there");
    // Others are read as ever.
    fs::write(folder.0.join("other"), "well").unwrap();
    assert_eq!(reader.read(&folder.0.join("other"), LONG, &GO_ON).unwrap(), b"well");

    release(&fifo);
    eventually("the thread is back", || reader.hung() == 0);
    fs::remove_file(&fifo).unwrap();
    fs::write(&fifo, "back").unwrap();
    assert_eq!(reader.read(&fifo, LONG, &GO_ON).unwrap(), b"back");
}

#[test]
fn only_so_many_threads_are_left() {
    let folder = Folder::new("many");
    let reader = DeadlineReader::new(2);
    let fifos: Vec<PathBuf> = (0..5).map(|number| folder.fifo(&number.to_string())).collect();
    let mut told = (0, 0);
    for fifo in &fifos {
        match reader.read(fifo, SHORT, &GO_ON).unwrap_err() {
            ReadError::TimedOut => told.0 += 1,
            ReadError::TooManyHung => told.1 += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!(told, (2, 3));
    assert_eq!(reader.hung(), 2);
    fifos.iter().take(2).for_each(|fifo| release(fifo));
    eventually("both are back", || reader.hung() == 0);
}

#[test]
fn who_loses_interest_does_not_wait() {
    let folder = Folder::new("cancel");
    let fifo = folder.fifo("fifo");
    let reader = DeadlineReader::new(4);
    let cancel = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| reader.read(&fifo, Duration::MAX, &cancel));
        cancel.store(true, Ordering::Relaxed);
        assert!(matches!(reading.join().unwrap(), Err(ReadError::Cancelled)));
    });
    eventually("let go", || {
        // Nobody may be in there yet, or any more.
        let _ =
            rustix::fs::open(&fifo, rustix::fs::OFlags::WRONLY | rustix::fs::OFlags::NONBLOCK, Mode::empty());
        reader.hung() == 0
    });
}
