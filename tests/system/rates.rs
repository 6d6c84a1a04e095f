//! Rates by hand-computed numbers.

use std::sync::Arc;

use gnomon::kernel::{diskstats, net_dev, pressure, stat, vmstat};
use gnomon::sample::{Link, LinkKind, Machine, Pressures, Sample};
use gnomon::snapshot::{DiskRates, Snapshot, counted};

/// A sample at a second.
fn at(second: u64) -> Sample {
    let mut sample = Sample::default();
    sample.time.monotonic_ns = second * 1_000_000_000;
    sample.time.boottime_ns = sample.time.monotonic_ns;
    sample.machine = Arc::new(Machine { page_bytes: 4096, ..Machine::default() });
    sample
}

/// What disks did in two seconds between these lines.
fn disks(before: &str, now: &str) -> Vec<DiskRates> {
    let with = |second, lines: &str| {
        let mut sample = at(second);
        sample.system.disks = Some(diskstats::parse(lines.as_bytes()));
        sample
    };
    Snapshot::new(Some(&with(1, before)), Arc::new(with(3, now))).disks
}

#[test]
fn disks_as_iostat_counts_them() {
    let rates = disks(
        "8 0 sda 100 0 1000 50 10 0 200 30 0 500 80 1 0 8 5",
        "8 0 sda 110 0 3000 90 14 0 600 150 2 1500 240 3 0 16 25",
    );
    let expected = DiskRates {
        read: Some(2000.0 * 512.0 / 2.0),
        written: Some(400.0 * 512.0 / 2.0),
        reads: Some(5.0),
        writes: Some(2.0),
        busy: Some(0.5),
        read_latency: Some(0.004),
        write_latency: Some(0.03),
        // 40 + 120 + 20 ms over 10 + 4 + 2 requests.
        latency: Some(0.18 / 16.0),
        queue: Some(0.08),
    };
    assert_eq!(rates, [expected]);
}

#[test]
fn a_disk_that_is_new_idle_reset_or_another_has_no_false_rates() {
    let idle = disks("8 0 sda 1 2 3 4 5 6 7 8 9 10 11", "8 0 sda 1 2 3 4 5 6 7 8 9 10 11")[0];
    assert_eq!((idle.read, idle.busy, idle.queue), (Some(0.0), Some(0.0), Some(0.0)));
    assert_eq!((idle.latency, idle.read_latency), (None, None), "no request, no latency");
    let new = disks("8 0 sda 1 2 3 4 5 6 7 8 9 10 11", "8 16 sdb 1 2 3 4 5 6 7 8 9 10 11");
    assert_eq!(new, [DiskRates::default()]);
    let other = disks("8 0 sda 1 2 3 4 5 6 7 8 9 10 11", "8 16 sda 2 2 6 8 5 6 7 8 9 10 11");
    assert_eq!(other, [DiskRates::default()], "the same name is not the same disk");
    let back = disks("8 0 sda 9 2 9000 4 5 6 7 8 9 10 11", "8 0 sda 10 2 30 4 5 6 9 8 9 10 11")[0];
    assert_eq!(
        (back.read, back.written, back.reads),
        (None, Some(512.0), Some(0.5)),
        "one counter went back"
    );
}

#[test]
fn times_of_32_bits_wrap_once() {
    let near = u64::from(u32::MAX) - 99;
    let rates = disks(
        &format!("8 0 sda 100 0 0 {near} 0 0 {near} 0 0 {near} {near}"),
        "8 0 sda 104 0 0 100 0 0 300 0 0 900 300",
    )[0];
    assert_eq!((rates.read_latency, rates.busy, rates.queue), (Some(0.05), Some(0.5), Some(0.2)));
    assert_eq!(rates.written, Some(400.0 * 512.0 / 2.0), "sectors wrap before they become bytes");
    // More requests than time: a busy share stays a share.
    assert_eq!(disks("8 0 sda 0 0 0 0 0 0 0 0 0 0 0", "8 0 sda 0 0 0 0 0 0 0 0 0 9000 0")[0].busy, Some(1.0));
}

#[test]
fn paging_and_switches_per_second() {
    let with = |second, vm: &str, ctxt: u64| {
        let mut sample = at(second);
        sample.system.vm = Some(vmstat::parse(vm.as_bytes()));
        sample.system.stat = Some(stat::parse(format!("ctxt {ctxt}\nprocesses {}\n", ctxt / 10).as_bytes()));
        sample
    };
    let before =
        with(1, "pgpgin 10\npgpgout 4\npswpin 7\npswpout 0\npgfault 100\npgmajfault 9\noom_kill 1\n", 1000);
    let now =
        with(3, "pgpgin 30\npgpgout 4\npswpin 9\npswpout 1\npgfault 400\npgmajfault 3\noom_kill 2\n", 5000);
    let rates = Snapshot::new(Some(&before), Arc::new(now)).kernel;
    assert_eq!((rates.paged_in, rates.paged_out), (Some(10.0 * 1024.0), Some(0.0)));
    assert_eq!((rates.swapped_in, rates.swapped_out), (Some(4096.0), Some(2048.0)));
    assert_eq!((rates.faults, rates.major_faults, rates.oom_kills), (Some(150.0), None, Some(1)));
    assert_eq!((rates.context_switches, rates.forks), (Some(2000.0), Some(200.0)));
    let first = Snapshot::new(None, Arc::new(before)).kernel;
    assert_eq!((first.faults, first.oom_kills), (None, None));
}

#[test]
fn pressure_is_a_share_of_the_time_that_passed() {
    let with = |second, some: u64, full: u64| {
        let line = |key, total| format!("{key} avg10=0.00 avg60=0.00 avg300=0.00 total={total}\n");
        let io = pressure::parse((line("some", some) + &line("full", full)).as_bytes());
        let mut sample = at(second);
        sample.system.pressure = Some(Pressures { io: Some(io), ..Pressures::default() });
        sample
    };
    let shares = Snapshot::new(Some(&with(1, 100, 5000)), Arc::new(with(3, 500_100, 4000))).pressure;
    assert_eq!((shares.io.some, shares.io.full), (Some(0.25), None), "one went back");
    assert_eq!((shares.cpu.some, shares.irq.some), (None, None));
    let more = Snapshot::new(Some(&with(1, 0, 0)), Arc::new(with(3, 2_000_900, 0))).pressure;
    assert_eq!(more.io.some, Some(1.0));
}

#[test]
fn no_byte_of_the_network_is_counted_twice() {
    let link = |name: &str, kind, master: Option<&str>, lower: &[&str]| Link {
        name: name.as_bytes().into(),
        kind: Some(kind),
        master: master.map(|name| name.as_bytes().into()),
        lower: lower.iter().map(|name| name.as_bytes().into()).collect(),
        ..Link::default()
    };
    let links = [
        link("lo", LinkKind::Loopback, None, &[]),
        link("eth0", LinkKind::Physical, Some("bond0"), &[]),
        link("eth1", LinkKind::Physical, Some("bond0"), &[]),
        link("bond0", LinkKind::Bond, Some("br0"), &["eth0", "eth1"]),
        link("br0", LinkKind::Bridge, None, &["bond0", "veth1"]),
        link("veth1", LinkKind::Virtual, Some("br0"), &[]),
        link("bond0.7", LinkKind::Virtual, None, &["bond0"]),
        link("wg0", LinkKind::Virtual, None, &[]),
    ];
    let sample = |second, bytes: u64| {
        let line = |link: &Link| {
            format!(
                "{}: {bytes} 1 0 0 0 0 0 0 {} 1 0 0 0 0 0 0\n",
                str::from_utf8(&link.name).unwrap(),
                bytes * 2
            )
        };
        let mut sample = at(second);
        sample.system.network = Some(net_dev::parse(links.iter().map(line).collect::<String>().as_bytes()));
        sample.system.links = Some(Arc::new(links.to_vec()));
        sample
    };
    let mut now = sample(3, 1200);
    let total = Snapshot::new(Some(&sample(1, 1000)), Arc::new(now.clone())).network_total();
    assert_eq!((total.received, total.sent), (Some(200.0), Some(400.0)), "two cards of 100 and 200 a second");
    now.system.links = None;
    let all = Snapshot::new(Some(&sample(1, 1000)), Arc::new(now.clone())).network_total();
    assert_eq!(all.received, Some(700.0), "all but the loopback, as nothing is known of them");
    let interfaces = now.system.network.unwrap();
    // A container has no card: its end of the pair counts, what is made of it does not.
    let inside = [&links[0], &links[5], &links[6]].map(|link| Link { master: None, ..link.clone() });
    let named = |name: &[u8]| interfaces.iter().find(|interface| *interface.name == *name).unwrap().clone();
    let some = [named(b"lo"), named(b"veth1"), named(b"bond0.7")];
    assert_eq!(counted(&some, Some(&inside)), [false, true, false]);
}
