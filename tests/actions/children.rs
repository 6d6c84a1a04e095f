//! Real children, and looking at them with our own eyes: `/proc/[pid]/stat`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gnomon::actions::{Nice, Outcome, ProcessAction, Signal, Target};
use gnomon::identity::{Identity, ProcessId};

pub const PROC: &str = "/proc";
/// Longer than anything here takes; only a failing test waits that long.
pub const PATIENCE: Duration = Duration::from_secs(30);
pub const TERM: ProcessAction = ProcessAction::Signal(Signal::TERM);
pub const KILL: ProcessAction = ProcessAction::Signal(Signal::KILL);
pub const STOP: ProcessAction = ProcessAction::Signal(Signal::STOP);
pub const CONT: ProcessAction = ProcessAction::Signal(Signal::CONT);

/// Tells a run of this program that it is to play a part for another run of it.
pub const ROLE: &str = "GNOMON_TEST_ROLE";

/// A child that is killed and reaped whatever the test does.
pub struct Guard(pub Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Guard {
    pub fn sleeper() -> Self {
        Self(Command::new("sleep").arg("1000").spawn().unwrap())
    }

    /// A shell script that says when it is ready.
    pub fn script(script: &str) -> Self {
        Self::ready(Command::new("sh").args(["-c", script]))
    }

    pub fn ready(command: &mut Command) -> Self {
        let mut child = Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap());
        let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().ends_with("ready")), "the child never got ready");
        child
    }

    pub fn id(&self) -> ProcessId {
        identity(self.0.id()).unwrap()
    }

    pub fn target(&self) -> Target {
        Target::open(Path::new(PROC), self.id(), "child").unwrap()
    }

    pub fn reap(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Ends it and leaves it unreaped.
    pub fn make_zombie(&mut self) {
        self.0.kill().unwrap();
        eventually("a zombie", || state(self.0.id()) == 'Z');
    }
}

pub fn identity(pid: u32) -> Option<ProcessId> {
    Identity::read(Path::new(PROC), pid).unwrap().map(|identity| identity.id)
}

/// Field `number` of a stat file, counted as proc_pid_stat(5) does.
pub fn stat_field(path: &Path, number: usize) -> String {
    let stat = std::fs::read_to_string(path).unwrap();
    let after_comm = &stat[stat.rfind(')').unwrap() + 2..];
    after_comm.split(' ').nth(number - 3).unwrap().to_owned()
}

pub fn state(pid: u32) -> char {
    stat_field(&PathBuf::from(format!("{PROC}/{pid}/stat")), 3).chars().next().unwrap()
}

pub fn nice_of(pid: u32) -> i8 {
    stat_field(&PathBuf::from(format!("{PROC}/{pid}/stat")), 19).parse().unwrap()
}

pub fn nices_of_threads(pid: u32) -> Vec<i8> {
    let tasks = std::fs::read_dir(format!("{PROC}/{pid}/task")).unwrap();
    tasks.map(|task| stat_field(&task.unwrap().path().join("stat"), 19).parse().unwrap()).collect()
}

pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn nice(value: i8) -> ProcessAction {
    ProcessAction::SetNice(Nice::new(value).unwrap())
}

pub fn open(id: ProcessId) -> Result<Target, Outcome> {
    Target::open(Path::new(PROC), id, "x")
}

/// A run of this program in which only the test `name` runs, told its `role`.
pub fn myself(name: &str, role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]).env(ROLE, role);
    command
}

pub fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}
