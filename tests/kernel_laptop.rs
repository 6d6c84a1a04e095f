//! The hand-made laptop says the same in all its files, so that totals computed from it can be trusted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gnomon::kernel::pid_cgroup::{ApplicationKind, CgroupFacts, ContainerKind, describe};
use gnomon::kernel::{
    cpu_list, cpuinfo, diskstats, key_value, loadavg, meminfo, mountinfo, net_dev, passwd, pid_cgroup,
    pid_cmdline, pid_ns_link, pid_smaps, pid_stat, pid_statm, pid_status, stat, swaps, sysfs, uptime,
    zram_mm_stat,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/laptop")
}

fn read(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn pids() -> Vec<u32> {
    let names = fs::read_dir(root().join("proc")).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter_map(|name| name.to_str()?.parse().ok()).collect()
}

/// What `stat` says of each process, with the name in an owned form.
fn processes() -> BTreeMap<u32, (Vec<u8>, pid_stat::PidStat<'static>)> {
    let process = |pid| {
        let bytes = read(&format!("proc/{pid}/stat"));
        let stat = pid_stat::parse(&bytes).unwrap();
        (pid, (stat.comm.to_vec(), pid_stat::PidStat { comm: b"", ..stat }))
    };
    pids().into_iter().map(process).collect()
}

fn cgroup(pid: u32) -> CgroupFacts {
    describe(pid_cgroup::unified(&read(&format!("proc/{pid}/cgroup"))).unwrap())
}

#[test]
fn the_files_of_a_process_agree() {
    for (pid, (comm, stat)) in processes() {
        let file = |name: &str| read(&format!("proc/{pid}/{name}"));
        let bytes = file("status");
        let status = pid_status::parse(&bytes);
        let statm = pid_statm::parse(&file("statm")).unwrap();
        assert_eq!([&*comm, b"\n"].concat(), file("comm"), "{pid}");
        assert_eq!(stat.pid, pid);
        assert_eq!(Some(stat.threads), status.threads, "{pid}");
        assert_eq!(stat.rss_pages, Some(statm.resident_pages), "{pid}");
        assert_eq!(stat.virtual_bytes, Some(statm.size_pages * 4096), "{pid}");
        if stat.is_kernel_thread() || stat.state == b'Z' {
            assert_eq!((status.resident_bytes, statm.resident_pages), (None, 0), "{pid}");
            assert_eq!(pid_cmdline::arguments(&file("cmdline")).count(), 0, "{pid}");
            continue;
        }
        let parts = [status.anonymous_bytes, status.file_bytes, status.shared_memory_bytes];
        assert_eq!(status.resident_bytes, parts.into_iter().sum::<Option<u64>>(), "{pid}");
        assert_eq!(status.resident_bytes, Some(statm.resident_pages * 4096), "{pid}");
        assert_eq!(status.data_bytes, Some(statm.data_pages * 4096 - 132 * 1024), "{pid}");
        let rollup = file("smaps_rollup");
        let sum = pid_smaps::areas(&rollup).next().unwrap();
        assert_eq!((sum.rss_bytes, sum.swap_bytes), (status.resident_bytes, status.swap_bytes), "{pid}");
        assert!(sum.private_bytes() <= sum.pss_bytes && sum.pss_bytes <= sum.rss_bytes, "{pid}");
        let smaps = file("smaps");
        let rss: Option<u64> = pid_smaps::areas(&smaps).map(|area| area.rss_bytes).sum();
        assert!(rss.is_some() && rss <= sum.rss_bytes, "{pid}");
        let link = fs::read_link(root().join(format!("proc/{pid}/ns/pid"))).unwrap();
        assert_eq!(pid_ns_link::parse(link.as_os_str().as_encoded_bytes()).unwrap().kind, b"pid");
    }
}

#[test]
fn processes_make_up_the_machine() {
    let processes = processes();
    let loadavg = loadavg::parse(&read("proc/loadavg"));
    let stat = stat::parse(&read("proc/stat"));
    let uptime = uptime::parse(&read("proc/uptime"));
    let all = || processes.values().map(|(_, stat)| stat);
    assert_eq!(loadavg.last_pid, processes.keys().max().copied());
    assert_eq!(loadavg.total, Some(all().map(|process| process.threads).sum()));
    let count = |state| u32::try_from(all().filter(|process| process.state == state).count()).unwrap();
    assert_eq!((stat.running, stat.blocked), (Some(count(b'R')), Some(count(b'D'))));
    assert_eq!(all().filter(|process| process.is_kernel_thread()).count(), 8);
    for process in all() {
        assert!(process.parent == 0 || processes.contains_key(&process.parent), "{process:?}");
    }

    let total = stat.total.unwrap();
    let sum = |field: fn(&stat::CpuTimes) -> Option<u64>| stat.cpus.iter().map(|cpu| field(&cpu.times)).sum();
    assert_eq!(total.user, sum(|times| times.user));
    assert_eq!(total.total(), sum(stat::CpuTimes::total));
    let now = (uptime.uptime_secs.unwrap() * 100.0) as u64;
    for cpu in &stat.cpus {
        assert_eq!(cpu.times.total(), Some(now), "cpu{}", cpu.number);
    }
    assert!(all().all(|process| process.start_ticks < now));
    assert!(Some(all().map(|process| process.user_ticks + process.system_ticks).sum()) <= total.busy());
    assert_eq!(cpu_list::count(&read("sys/devices/system/cpu/online")), 4);
    assert_eq!(cpuinfo::parse(&read("proc/cpuinfo")).processors.len(), 4);
}

#[test]
fn memory_and_swap_add_up() {
    let memory = meminfo::parse(&read("proc/meminfo"));
    let swaps = swaps::parse(&read("proc/swaps"));
    let used = swaps[0].used_bytes.unwrap();
    assert_eq!(memory.swap_total_bytes, swaps[0].size_bytes);
    assert_eq!(memory.swap_free_bytes.map(|free| free + used), memory.swap_total_bytes);
    assert_eq!(zram_mm_stat::parse(&read("sys/block/zram0/mm_stat")).original_bytes, Some(used));
    let swapped = pids()
        .into_iter()
        .filter_map(|pid| pid_status::parse(&read(&format!("proc/{pid}/status"))).swap_bytes);
    assert!(swapped.sum::<u64>() <= used);
    let sum = |parts: [Option<u64>; 2]| parts.into_iter().sum::<Option<u64>>();
    assert_eq!(memory.active_bytes, sum([memory.active_anonymous_bytes, memory.active_file_bytes]));
    assert_eq!(memory.inactive_bytes, sum([memory.inactive_anonymous_bytes, memory.inactive_file_bytes]));
    assert_eq!(memory.slab_bytes, sum([memory.slab_reclaimable_bytes, memory.slab_unreclaimable_bytes]));
}

#[test]
fn control_groups_tell_what_runs() {
    let by_name: BTreeMap<_, _> = processes().into_iter().map(|(pid, (comm, _))| (comm, pid)).collect();
    let facts = |comm: &str| cgroup(by_name[comm.as_bytes()]);
    let firefox = facts("firefox").application.unwrap();
    assert_eq!((firefox.kind, &*firefox.id), (ApplicationKind::Flatpak, &b"org.mozilla.firefox"[..]));
    assert_eq!(facts("gnome-shell").unit.as_deref(), Some(&b"org.gnome.Shell@wayland.service"[..]));
    assert_eq!(facts("sshd").unit.as_deref(), Some(&b"ssh.service"[..]));
    assert_eq!(facts("postgres").container.unwrap().kind, ContainerKind::Podman);
    assert_eq!(facts("conmon").container, None);
    assert_eq!(facts("gdm-session-wor").session.as_deref(), Some(&b"2"[..]));
    assert_eq!(facts("kthreadd"), CgroupFacts::default());
}

#[test]
fn devices_users_and_mounts() {
    let disks = diskstats::parse(&read("proc/diskstats"));
    for disk in &disks {
        let name = std::str::from_utf8(&disk.name).unwrap();
        let folder = if name.contains('p') { format!("nvme0n1/{name}") } else { name.to_owned() };
        let one = diskstats::parse_one(&read(&format!("sys/block/{folder}/stat")));
        assert_eq!(one, disk.counters, "{name}");
    }
    let partitions = disks[1..4].iter().map(|disk| disk.counters.read_bytes).sum::<Option<u64>>();
    assert_eq!(disks[0].counters.read_bytes, partitions);
    let interfaces = net_dev::parse(&read("proc/net/dev"));
    assert_eq!(interfaces.iter().map(|one| &*one.name).collect::<Vec<_>>(), [&b"lo"[..], b"wlan0"]);
    let file = read("etc/passwd");
    let anna = passwd::parse(&file).find(|user| user.uid == 1000).unwrap();
    assert_eq!(anna.name, b"anna");
    assert_eq!(key_value::get(&read("run/systemd/sessions/2"), b"USER").as_deref(), Some(anna.name));
    let release = read("etc/os-release");
    assert_eq!(key_value::get(&release, b"NAME").as_deref(), Some(&b"Debian GNU/Linux"[..]));
    let mounts = read("proc/self/mountinfo");
    let nfs = mountinfo::parse(&mounts).find(|mount| &*mount.fs_type == b"nfs4").unwrap();
    assert_eq!(
        (&*nfs.mount_point, &*nfs.source),
        (&b"/mnt/backup disk"[..], &b"nas.local:/export/backup"[..])
    );
    assert_eq!(sysfs::signed(&read("sys/class/hwmon/hwmon0/temp1_input")), Some(56_000));
    let battery = read("sys/class/power_supply/BAT0/uevent");
    let level = key_value::get(&battery, b"POWER_SUPPLY_CAPACITY").unwrap();
    assert_eq!(sysfs::unsigned(&level), sysfs::unsigned::<u8>(&read("sys/class/power_supply/BAT0/capacity")));
    assert_eq!(sysfs::selected(&read("sys/block/zram0/comp_algorithm")), Some(&b"zstd"[..]));
}
