//! Reading files that may never answer.
//!
//! A read of `cmdline`, `environ`, `maps` or `smaps` waits, unkillably, for the memory map of its process. So it
//! happens on a thread of its own, which is left behind when it takes too long. Left threads are counted, and
//! their files are in quarantine: nobody asks for them again until the thread has come back.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// For files that take microseconds when all is well.
pub const SMALL_FILE: Duration = Duration::from_millis(200);

/// How often somebody who waits looks whether still to wait.
const CANCEL_CHECK: Duration = Duration::from_millis(20);

/// More than any kernel file holds: 65,530 mappings make an `smaps` of 50 MiB. An endless one ends here.
const MAX_BYTES: usize = 256 << 20;

/// Enough for a read loop; left threads should cost little.
const STACK_BYTES: usize = 128 << 10;

/// The reader that the whole program shares, because left threads are the whole program's.
pub fn shared() -> &'static DeadlineReader {
    static SHARED: LazyLock<DeadlineReader> = LazyLock::new(|| DeadlineReader::new(16));
    &SHARED
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It took too long. The file is in quarantine now.
    #[error("no answer in time")]
    TimedOut,
    /// An earlier read of the same file has not come back.
    #[error("still no answer from before")]
    Quarantined,
    /// As many threads as may be are left behind already.
    #[error("too many files do not answer")]
    TooManyHung,
    /// The caller's flag was set.
    #[error("cancelled")]
    Cancelled,
    /// The file's own answer.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads whole files with a deadline, and remembers those that hang.
#[derive(Debug)]
pub struct DeadlineReader {
    max_hung: usize,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    last_key: u64,
    reads: HashMap<u64, Running>,
}

/// A read whose thread has not come back.
#[derive(Debug)]
struct Running {
    path: PathBuf,
    left: Option<Left>,
}

/// Why nobody waits for a read any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// Nobody wants it. It may well be healthy and end within moments.
    Cancelled,
    /// It hangs.
    TimedOut,
}

impl DeadlineReader {
    /// A reader that leaves at most `max_hung` threads behind.
    #[must_use]
    pub fn new(max_hung: usize) -> Self {
        Self { max_hung, state: Arc::default() }
    }

    /// How many threads are left behind and have not come back.
    #[must_use]
    pub fn hung(&self) -> usize {
        lock(&self.state).left()
    }

    /// Reads the file at `path`, for at most about `deadline`, or until `cancel` is set.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read(&self, path: &Path, deadline: Duration, cancel: &AtomicBool) -> Result<Vec<u8>, ReadError> {
        let start = Instant::now();
        let key = self.admit(path, deadline, cancel)?;
        let abandoned = Arc::new(AtomicBool::new(false));
        let (sender, result) = mpsc::sync_channel(1);
        let worker = {
            let (path, abandoned, state) = (path.to_owned(), Arc::clone(&abandoned), Arc::clone(&self.state));
            move || {
                // The caller may have gone; the entry goes in any case, and after the answer is there.
                let _ = sender.send(read_all(&path, &abandoned));
                lock(&state).reads.remove(&key);
            }
        };
        let spawned = thread::Builder::new().name("read".into()).stack_size(STACK_BYTES).spawn(worker);
        if let Err(error) = spawned {
            lock(&self.state).reads.remove(&key);
            return Err(ReadError::Io(error));
        }
        let left = match wait(&result, start, deadline, cancel) {
            Ok(answer) => return answer.map_err(ReadError::Io),
            Err(left) => left,
        };
        abandoned.store(true, Ordering::Relaxed);
        let mut state = lock(&self.state);
        // It may have answered at the last moment.
        if let Ok(answer) = result.try_recv() {
            return answer.map_err(ReadError::Io);
        }
        if let Some(running) = state.reads.get_mut(&key) {
            running.left = Some(left);
        }
        Err(left.into())
    }

    /// Makes the entry of a new read, or says why there may be none.
    fn admit(&self, path: &Path, deadline: Duration, cancel: &AtomicBool) -> Result<u64, ReadError> {
        let start = Instant::now();
        loop {
            let mut state = lock(&self.state);
            let refusal = match state.left_at(path) {
                Some(Left::TimedOut) => return Err(ReadError::Quarantined),
                // Read by somebody who lost interest: give that thread the time to notice.
                Some(Left::Cancelled) => ReadError::TimedOut,
                None if state.left() >= self.max_hung => return Err(ReadError::TooManyHung),
                None => {
                    state.last_key += 1;
                    let key = state.last_key;
                    state.reads.insert(key, Running { path: path.to_owned(), left: None });
                    return Ok(key);
                }
            };
            drop(state);
            if cancel.load(Ordering::Relaxed) {
                return Err(ReadError::Cancelled);
            }
            if start.elapsed() >= deadline {
                return Err(refusal);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl State {
    fn left(&self) -> usize {
        self.reads.values().filter(|running| running.left.is_some()).count()
    }

    fn left_at(&self, path: &Path) -> Option<Left> {
        let mut there = self.reads.values().filter(|running| running.path == path);
        there.find_map(|running| running.left)
    }
}

impl From<Left> for ReadError {
    fn from(left: Left) -> Self {
        match left {
            Left::Cancelled => Self::Cancelled,
            Left::TimedOut => Self::TimedOut,
        }
    }
}

type Answer = io::Result<Vec<u8>>;

fn wait(
    result: &Receiver<Answer>,
    start: Instant,
    deadline: Duration,
    cancel: &AtomicBool,
) -> Result<Answer, Left> {
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(Left::Cancelled);
        }
        let rest = deadline.saturating_sub(start.elapsed());
        match result.recv_timeout(rest.min(CANCEL_CHECK)) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) if rest.is_zero() => return Err(Left::TimedOut),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(Err(io::Error::other("the reader has died"))),
        }
    }
}

/// Reads piece by piece, so that a long file is given up soon after nobody waits for it any more.
fn read_all(path: &Path, abandoned: &AtomicBool) -> Answer {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    let mut piece = vec![0; 32 << 10];
    while !abandoned.load(Ordering::Relaxed) {
        match file.read(&mut piece) {
            Ok(0) => return Ok(bytes),
            Ok(count) => bytes.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if bytes.len() > MAX_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
    }
    Err(io::ErrorKind::Interrupted.into())
}

/// No thread panics with the lock held, and the map is whole at every moment.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
