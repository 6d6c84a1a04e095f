//! A pid that was given to another process, in a pid namespace where the next pid can be chosen.

use std::fs;
use std::process::Command;

use gnomon::columns::View;
use gnomon::sample::{Demand, Needs, Sampler};
use gnomon::snapshot::Snapshot;
use gnomon::source::Source;

use super::{Kept, find, stat_field, wait_until};

/// Set for the run of this test inside the namespace.
const INSIDE: &str = "GNOMON_TEST_IN_PID_NAMESPACE";

/// Uses more CPU than a clock tick, so that two of these never start in the same one, then sleeps with a
/// sleeping child.
const BUSY: &str =
    "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; sleep 600 >/dev/null & echo $!; read -r line";

#[test]
fn nothing_is_booked_to_the_next_process_with_the_same_pid() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let unshare = |words: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--pid", "--fork", "--kill-child", "--mount-proc"]).args(words).env(INSIDE, "1");
        command.output()
    };
    let permitted = unshare(&["sh", "-c", "echo 300 >/proc/sys/kernel/ns_last_pid"]);
    if !permitted.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no pid namespace may be made here, so no pid can be chosen");
        return;
    }
    let own = std::env::current_exe().unwrap();
    let name = "reuse::nothing_is_booked_to_the_next_process_with_the_same_pid";
    let output = unshare(&[own.to_str().unwrap(), "--exact", name, "--nocapture"]).unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn inside() {
    let mut sampler = Sampler::new(Source::live().unwrap());
    let demand = Demand::of(Needs::PROCESSES | Needs::IO | Needs::CPU);
    for round in 0..4 {
        let mut first = Kept::shell(BUSY);
        let orphan: u32 = first.line().parse().unwrap();
        let pid = first.pid();
        wait_until("the orphan to be sleeps", || {
            fs::read_to_string(format!("/proc/{orphan}/stat")).unwrap().contains("(sleep) S")
        });
        let before = sampler.tick(&demand).unwrap();
        let old = find(&before, pid).unwrap();
        assert_eq!(find(&before, orphan).unwrap().parent, pid);
        first.end();

        fs::write("/proc/sys/kernel/ns_last_pid", (pid - 1).to_string()).unwrap();
        let mut second = Kept::shell(BUSY);
        assert_eq!(second.pid(), pid, "nobody else is born in this namespace");
        let own_child: u32 = second.line().parse().unwrap();
        wait_until("the second sleeps", || second.is_asleep_as("sh"));

        let now = sampler.tick(&demand).unwrap();
        let new = find(&now, pid).unwrap();
        assert_ne!(new.id, old.id, "round {round}: the same start");
        assert_eq!(find(&now, own_child).unwrap().parent, pid);
        let adopter: u32 = stat_field(orphan, 4).parse().unwrap();
        assert_ne!(adopter, pid);
        assert_eq!(find(&now, orphan).unwrap().parent, adopter, "round {round}: the stranger's child");

        let id = new.id;
        let snapshot = Snapshot::new(Some(&before), now.into());
        let row = snapshot.row(snapshot.index_of(id).unwrap(), View::default()).unwrap();
        assert_eq!((row.rates.cpu, row.rates.disk_read), (None, None), "round {round}");
        for child in [orphan, own_child] {
            let child = rustix::process::Pid::from_raw(child as i32).unwrap();
            rustix::process::kill_process(child, rustix::process::Signal::KILL).unwrap();
        }
    }
}
