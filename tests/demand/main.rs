//! What the sampler opens, and when: watched through a [`Probe`], on the running machine and on captured ones.

mod costly;
mod files;
mod life;
mod reuse;
mod rotation;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gnomon::sample::{Process, Sample, Sampler};
use gnomon::source::{Operation, Probe, Source, Verdict};
use rustix::io::Errno;

/// Writes down every operation, and refuses those that it is told to.
#[derive(Default)]
pub struct Log {
    seen: Mutex<Seen>,
    refuse: Option<Refusal>,
}

type Refusal = fn(&Operation<'_>, Option<u32>) -> Option<Errno>;

/// Operations by name, and those on files of one process by its pid.
#[derive(Default, Clone)]
pub struct Seen {
    /// How often each file was read, link followed, directory listed.
    pub count: BTreeMap<String, u32>,
    /// The same for each process. The sampler asks for a process's clock before its files, so a file
    /// belongs to the process whose clock was asked for last.
    pub of: BTreeMap<u32, BTreeMap<String, u32>>,
    now: Option<u32>,
}

impl Log {
    /// A log that fails the operations for which `refuse` (of the operation and its process) has an error.
    pub fn refusing(refuse: Refusal) -> Arc<Self> {
        Arc::new(Self { refuse: Some(refuse), ..Self::default() })
    }

    /// A sampler whose source is watched by this log.
    pub fn sampler(self: &Arc<Self>, root: &Path) -> Sampler {
        Sampler::new(Source::open(root).unwrap().with_probe(Arc::clone(self) as Arc<dyn Probe>))
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was seen since the last call.
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.lock())
    }
}

impl Probe for Log {
    fn before(&self, operation: Operation<'_>) -> Verdict {
        let mut seen = self.lock();
        let name = match operation {
            Operation::Read(path) | Operation::Link(path) => path.to_owned(),
            Operation::List(path) => format!("{path}/"),
            Operation::Owner(_) => "owner".to_owned(),
            Operation::StatFs(_) => "statfs".to_owned(),
            Operation::IoPriority(_) => "ioprio_get".to_owned(),
            Operation::Addresses => "net/addresses".to_owned(),
            Operation::CpuClock(pid) => {
                seen.now = Some(pid);
                "clock".to_owned()
            }
        };
        let of_machine = ["proc/", "run/", "etc/", "statfs"].iter().any(|prefix| name.starts_with(prefix));
        if let (false, Some(pid)) = (of_machine, seen.now) {
            *seen.of.entry(pid).or_default().entry(name.clone()).or_default() += 1;
        }
        *seen.count.entry(name).or_default() += 1;
        match self.refuse.and_then(|refuse| refuse(&operation, seen.now)) {
            Some(error) => Verdict::Fail(error),
            None => Verdict::Proceed,
        }
    }
}

impl Seen {
    /// How often a file was read, of all processes or of the machine.
    pub fn all(&self, name: &str) -> u32 {
        self.count.get(name).copied().unwrap_or(0)
    }

    /// How often a file of one process was read.
    pub fn one(&self, pid: u32, name: &str) -> u32 {
        self.of.get(&pid).and_then(|files| files.get(name)).copied().unwrap_or(0)
    }
}

/// The process with this pid in a sample.
pub fn find(sample: &Sample, pid: u32) -> Option<&Arc<Process>> {
    sample.processes.iter().find(|process| process.id.pid == pid)
}

/// Field `number` (4 is the parent) of `/proc/[pid]/stat`, of a process whose name has no parenthesis.
pub fn stat_field(pid: u32, number: usize) -> String {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    fields.split_whitespace().nth(number - 3).unwrap().to_owned()
}

/// Waits until what the kernel does for another process has happened.
pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    for _ in 0..30_000 {
        if happened() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!("in vain: {what}");
}

/// A child that ends with the test.
pub struct Kept {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Kept {
    /// A shell that runs `script` with its input and output in the hands of the test.
    pub fn shell(script: &str) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    /// A process that sleeps, and does so by now.
    pub fn sleeper() -> Self {
        let kept = Self::shell("exec sleep 600");
        wait_until("the child sleeps", || kept.is_asleep_as("sleep"));
        kept
    }

    /// A shell that answers each line; it sleeps in between.
    pub fn answerer() -> Self {
        let mut kept = Self::shell("while read -r line; do echo \"$line\"; done");
        kept.poke();
        kept
    }

    /// Its pid.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Lets an [`Kept::answerer`] use some CPU and waits until it has.
    pub fn poke(&mut self) {
        self.tell("go");
        assert_eq!(self.line(), "go");
    }

    /// Writes a line to its input.
    pub fn tell(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// The next line of its output.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Whether it waits under this name.
    pub fn is_asleep_as(&self, comm: &str) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        stat.contains(&format!("({comm}) S"))
    }

    /// Ends it and leaves the zombie.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        wait_until("the child is dead", || stat_field(self.pid(), 3) == "Z");
    }

    /// Ends it and takes its exit status, so that the pid is free.
    pub fn end(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
