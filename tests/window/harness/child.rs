//! Programs that a test starts: none outlives the test, however it ends.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A command that dies with the thread that starts it, in a process group of its own, with nothing of the
/// environment of whoever runs the tests but the search path.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    // setpriv becomes the program after it has set PR_SET_PDEATHSIG: the pid is the program's.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program).env_clear().process_group(0);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LC_ALL", "C.UTF-8");
    command
}

/// A running program and whatever it starts: its process group is killed and reaped on drop.
pub struct Guarded {
    child: RefCell<Child>,
}

impl Guarded {
    /// Starts what [`command`] began.
    #[track_caller]
    pub fn spawn(command: &mut Command) -> Self {
        match command.spawn() {
            Ok(child) => Self { child: RefCell::new(child) },
            Err(error) => panic!("{command:?}: {error}"),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.borrow().id()
    }

    /// How it ended; `None` while it runs. Reaps it.
    pub fn status(&self) -> Option<ExitStatus> {
        self.child.borrow_mut().try_wait().expect("waitpid of a child")
    }

    /// How it ends within `patience`; `None` when it still runs then.
    pub fn status_within(&self, patience: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            match self.status() {
                None if start.elapsed() < patience => sleep(Duration::from_millis(20)),
                status => return status,
            }
        }
    }

    /// Sends a signal to the program alone.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.raw_pid(), signal).expect("a signal to a child");
    }

    /// Its standard output, when it is a pipe.
    pub fn stdout(&self) -> Option<ChildStdout> {
        self.child.borrow_mut().stdout.take()
    }

    fn raw_pid(&self) -> Pid {
        Pid::from_child(&self.child.borrow())
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // Once reaped, its number may belong to others.
        if self.status().is_none() {
            let _ = kill_process_group(self.raw_pid(), Signal::KILL);
            let _ = self.child.borrow_mut().wait();
        }
    }
}
