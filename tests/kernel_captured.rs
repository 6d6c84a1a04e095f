//! Every expectation that came with the captured machine, and a few facts of its system files.
//!
//! `expected.json` says what was done to each process, not what a parser made of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gnomon::kernel::{
    cpu_list, cpuinfo, diskstats, loadavg, meminfo, mountinfo, net_dev, number, pid_cgroup, pid_cmdline,
    pid_io, pid_limits, pid_schedstat, pid_smaps, pid_stat, pid_statm, pid_status, pid_wchan, pressure, stat,
    swaps, uptime, vmstat,
};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/captured-6.18")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn expectations() -> Vec<Value> {
    let json: Value = serde_json::from_slice(&read("expected.json")).unwrap();
    json["expected"].as_array().unwrap().clone()
}

fn hex(bytes: &[u8]) -> Value {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

/// What the parsers say about the field that an expectation names; `None` for a field no parser reads.
fn actual(file: &str, field: &str, bytes: &[u8]) -> Option<Value> {
    let stat = || pid_stat::parse(bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
    Some(match field {
        "comm (bytes, hex)" => hex(stat().comm),
        "argv count" => pid_cmdline::arguments(bytes).count().into(),
        "state" => char::from(stat().state).to_string().into(),
        "Uid" => {
            let status = pid_status::parse(bytes);
            let uids = [status.real_uid, status.effective_uid, status.saved_uid, status.file_system_uid];
            uids.map(Value::from).to_vec().into()
        }
        "priority,rt_priority,policy" => {
            let stat = stat();
            vec![stat.priority.into(), stat.rt_priority.into(), Value::from(stat.policy)].into()
        }
        "priority,nice" => vec![stat().priority, stat().nice].into(),
        "is_kernel_thread" => stat().is_kernel_thread().into(),
        "mount points under /tmp/h/rel/mnt (hex of last component)" => mountinfo::parse(bytes)
            .filter_map(|mount| mount.mount_point.strip_prefix(b"/tmp/h/rel/mnt/").map(hex))
            .collect::<Vec<_>>()
            .into(),
        _ => return None,
    })
}

#[test]
fn every_expectation_holds() {
    let mut checked = BTreeMap::<String, usize>::new();
    let mut left = Vec::new();
    for expectation in expectations() {
        let (file, field) = (expectation["file"].as_str().unwrap(), expectation["field"].as_str().unwrap());
        match field {
            // What the kernel answered to a system call, with no file content to parse.
            "link" => {
                let target = fs::read_link(root().join(file)).unwrap();
                assert_eq!(target.to_str(), expectation["value"].as_str(), "{file}");
            }
            "read error" => {
                assert!(!root().join("system").join(file.trim_start_matches('/')).exists(), "{file}")
            }
            _ => match actual(file, field, &read(file)) {
                Some(value) => assert_eq!(value, expectation["value"], "{file}: {field}"),
                None => left.push(format!("{file}: {field}")),
            },
        }
        *checked.entry(field.to_owned()).or_default() += 1;
    }
    assert_eq!(left, [""; 0], "expectations that nothing checks");
    assert_eq!(checked["comm (bytes, hex)"], 20);
    assert_eq!(checked["argv count"], 7);
    assert_eq!(checked["is_kernel_thread"], 7);
}

#[test]
fn every_process_has_a_row_and_agrees_with_itself() {
    let proc = root().join("proc-hostile/proc");
    let mut rows = 0;
    for entry in fs::read_dir(&proc).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let file = |file: &str| read(&format!("proc-hostile/proc/{name}/{file}"));
        let bytes = file("stat");
        let stat = pid_stat::parse(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(stat.pid.to_string(), name);
        assert_eq!([stat.comm, b"\n"].concat(), file("comm"), "{name}");
        let bytes = file("status");
        let status = pid_status::parse(&bytes);
        assert_eq!(status.threads, Some(stat.threads), "{name}");
        assert_eq!(status.thread_group, Some(stat.pid), "{name}");
        assert_eq!(cpu_list::ranges(status.cpus_allowed.unwrap()).len(), 1, "{name}");
        let statm = pid_statm::parse(&file("statm")).unwrap();
        if let Some(size) = status.virtual_bytes {
            assert_eq!((stat.virtual_bytes, statm.size_pages * 4096), (Some(size), size), "{name}");
        }
        let io = pid_io::parse(&file("io"));
        assert!(io.read_bytes.is_some() && io.cancelled_write_bytes.is_some(), "{name}");
        assert!(pid_schedstat::parse(&file("schedstat")).is_ok(), "{name}");
        assert_eq!(pid_limits::parse(&file("limits")).count(), 16, "{name}");
        let cgroup = file("cgroup");
        let facts = pid_cgroup::describe(pid_cgroup::unified(&cgroup).unwrap());
        assert_eq!(facts.session.as_deref(), Some(&b"2"[..]), "{name}");
        assert_eq!(number::unsigned(&file("loginuid")), Ok(u32::MAX), "{name}");
        assert!(number::signed::<i32>(&file("oom_score_adj")).is_ok(), "{name}");
        let wchan = file("wchan");
        assert_eq!(pid_wchan::parse(&wchan).is_some(), wchan != b"0", "{name}");
        rows += 1;
    }
    assert_eq!(rows, 41);
}

#[test]
fn mappings_agree_with_their_sum() {
    let maps = read("proc-hostile/proc/6492/maps");
    let first = maps.split(|byte| *byte == b'\n').next().unwrap();
    let areas: Vec<_> = pid_smaps::areas(&maps).collect();
    assert_eq!(areas.len(), maps.iter().filter(|byte| **byte == b'\n').count());
    assert!(first.ends_with(areas[0].raw_path) && areas[0].raw_path.ends_with(b"python3.11"));
    assert!(areas.windows(2).all(|pair| pair[0].end <= pair[1].start));
    let rollup = read("proc-hostile/proc/6492/smaps_rollup");
    let all: Vec<_> = pid_smaps::areas(&rollup).collect();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].raw_path, all[0].start), (&b"[rollup]"[..], areas[0].start));
    assert_eq!((all[0].rss_bytes, all[0].pss_bytes), (Some(12196 * 1024), Some(1423 * 1024)));
    assert_eq!((all[0].private_bytes(), all[0].pss_file_bytes), (Some(924 * 1024), Some(140 * 1024)));
}

#[test]
fn system_files() {
    let file = |name: &str| read(&format!("system/proc/{name}"));
    let stat = stat::parse(&file("stat"));
    assert_eq!(stat.cpus.iter().map(|cpu| cpu.number).collect::<Vec<_>>(), [0, 1]);
    let total = stat.total.unwrap();
    assert_eq!((total.user, total.steal, total.guest_nice), (Some(88595), Some(759), Some(0)));
    assert_eq!((stat.context_switches, stat.boot_time_secs), (Some(8_145_643), Some(1_795_251_715)));
    assert_eq!((stat.forks, stat.running, stat.blocked), (Some(285_417), Some(2), Some(0)));
    assert_eq!(loadavg::parse(&file("loadavg")).last_pid, Some(6525));
    assert_eq!(uptime::parse(&file("uptime")).uptime_secs, Some(3045.83));
    let memory = meminfo::parse(&file("meminfo"));
    assert_eq!((memory.total_bytes, memory.swap_total_bytes), (Some(24_684_100 * 1024), Some(0)));
    assert_eq!((memory.per_cpu_bytes, memory.huge_pages_total), (Some(1456 * 1024), Some(0)));
    let vm = vmstat::parse(&file("vmstat"));
    assert!(vm.faults.is_some() && vm.oom_kills.is_some() && vm.allocation_stalls.is_some());
    assert_eq!(swaps::parse(&file("swaps")), []);
    let cpu = pressure::parse(&file("pressure/cpu"));
    assert_eq!(cpu.some.unwrap().total_us, Some(608_585_740));
    assert_eq!(cpu.full.unwrap().avg10, Some(0.0));
    let interfaces = net_dev::parse(&file("net/dev"));
    assert_eq!(interfaces.len(), 4);
    assert_eq!((&*interfaces[3].name, interfaces[3].received.bytes), (&b"eth0"[..], Some(514_385_809)));
    assert_eq!(interfaces[3].sent.packets, Some(13182));
    let disks = diskstats::parse(&file("diskstats"));
    let vda = disks.iter().find(|disk| &*disk.name == b"vda").unwrap();
    assert_eq!((vda.device, vda.counters.read_bytes), ((254, 0), Some(13_111_778 * 512)));
    assert_eq!((vda.counters.flushes, vda.counters.flush_ms), (Some(27471), Some(1150)));
    let info = cpuinfo::parse(&file("cpuinfo"));
    assert_eq!((info.model.as_deref(), info.processors.len()), (Some(&b"AMD EPYC"[..]), 2));
    assert_eq!(info.processors[1].physical_id, Some(0));
}
