//! Processes for the program to find and to act on.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Stdio;

use super::app::App;
use super::atspi::{Node, PATIENCE, wait_for};
use super::child::Guarded;
use super::desktop::Desktop;
use super::table::Table;

/// A child of the test under a name that no other process has.
pub struct Quarry {
    program: Guarded,
    name: String,
    user: String,
    path: PathBuf,
}

impl Quarry {
    /// One that sleeps. `tag` tells it from the test's others.
    #[track_caller]
    pub fn asleep(desktop: &Desktop, tag: char) -> Self {
        Self::start(desktop, tag, "/bin/sleep", &["1000"])
    }

    /// One that keeps a CPU busy.
    #[track_caller]
    pub fn busy(desktop: &Desktop, tag: char) -> Self {
        Self::start(desktop, tag, "/bin/sh", &["-c", "while :; do :; done"])
    }

    /// One that does not end when it is asked to.
    #[track_caller]
    pub fn deaf(desktop: &Desktop, tag: char) -> Self {
        // It waits for a line that never comes, and says when it has become deaf.
        let quarry = Self::start(desktop, tag, "/bin/sh", &["-c", "trap '' TERM; echo deaf; read line"]);
        let mut line = String::new();
        BufReader::new(quarry.program.stdout().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line of a child");
        assert_eq!(line, "deaf\n");
        quarry
    }

    /// Runs a copy of `program`, because a process is called after its file.
    #[track_caller]
    fn start(desktop: &Desktop, tag: char, program: &str, arguments: &[&str]) -> Self {
        // The kernel keeps 15 bytes of a name.
        let name = format!("quarry{}{tag}", std::process::id());
        let path = desktop.dir().join(&name);
        fs::copy(program, &path).unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut command = desktop.command(&path);
        let program = Guarded::spawn(command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()));
        let user = desktop.command("id").arg("-un").output().expect("id").stdout;
        Self { program, name, user: String::from_utf8_lossy(&user).trim().to_owned(), path }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who it runs as.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Its id, as the table shows it.
    pub fn id(&self) -> String {
        self.program.pid().to_string()
    }

    /// As sentences name it: "firefox (4242)".
    pub fn in_words(&self) -> String {
        format!("{} ({})", self.name, self.id())
    }

    /// The file that it runs.
    pub fn path(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Waits until the search has left it alone in the table.
    #[track_caller]
    pub fn alone_in(&self, app: &App<'_>) -> Table {
        wait_for(&format!("{} alone in the table", self.in_words()), || {
            let table = Table::within(app.window());
            (table.column_of("ID", 2) == [self.id()]).then_some(table)
        })
    }

    /// Searches it in the table and gives its row, the only one then.
    #[track_caller]
    pub fn sought_in(&self, app: &App<'_>) -> Node {
        Table::within(app.window());
        app.search(self.name());
        let table = self.alone_in(app);
        wait_for("the only row", || table.row(0))
    }

    /// A file of its own in /proc.
    #[track_caller]
    pub fn proc_file(&self, file: &str) -> String {
        let path = format!("/proc/{}/{file}", self.program.pid());
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Its nice value: field 19 of `/proc/[pid]/stat`, proc_pid_stat(5).
    #[track_caller]
    pub fn nice(&self) -> i32 {
        let stat = self.proc_file("stat");
        let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
        after_name.split_whitespace().nth(16).and_then(|nice| nice.parse().ok()).expect("field 19 of stat")
    }

    pub fn is_alive(&self) -> bool {
        self.program.status().is_none()
    }

    /// The signal that ends it, which has to come.
    #[track_caller]
    pub fn death(&self) -> i32 {
        let status = self.program.status_within(PATIENCE);
        let status = status.unwrap_or_else(|| panic!("{} is still alive", self.in_words()));
        status.signal().unwrap_or_else(|| panic!("{} ended by itself: {status}", self.in_words()))
    }
}
