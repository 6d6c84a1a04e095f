//! Sources of the running machine and of a captured one.

use super::*;

#[test]
fn a_missing_root_is_named() {
    let error = Source::open(Path::new("/nowhere/at all")).err().unwrap();
    assert_eq!(error.to_string(), "/nowhere/at all: No such file or directory (os error 2)");
}

#[test]
fn a_listing_can_begin_at_a_pid() {
    let source = Source::live().unwrap();
    let mut all = Vec::new();
    let constant = source.list_pids(None, &mut all).unwrap().expect("more than one process");
    let own = std::process::id();
    assert!(all.contains(&own));
    let mut later = Vec::new();
    source.list_pids(Some(constant + u64::from(own)), &mut later).unwrap();
    assert_eq!(later.first(), Some(&own), "{later:?}");
}

#[test]
fn reads_long_and_short_files_whole() {
    let source = Source::live().unwrap();
    let mut buffer = Vec::new();
    let maps = source.read("proc/self/smaps", &mut buffer).unwrap().len();
    assert!(maps > 4096);
    let own = source.read_of(std::process::id(), "stat", &mut buffer).unwrap();
    assert!(own.starts_with(std::process::id().to_string().as_bytes()));
    assert_eq!(source.read("proc/no-such-file", &mut buffer), Err(Errno::NOENT));
}

#[test]
fn links_and_descriptors_of_a_process() {
    let source = Source::live().unwrap();
    let (own, mut buffer) = (std::process::id(), Vec::new());
    let exe = std::fs::read_link("/proc/self/exe").unwrap();
    assert_eq!(source.link_of(own, "exe", &mut buffer).unwrap(), exe.as_os_str().as_encoded_bytes());
    assert_eq!(source.link_of(own, "no-such-link", &mut buffer), Err(Errno::NOENT));
    // Other tests open and close files meanwhile, but these are open all the time.
    let kept: Vec<_> = (0..300).map(|_| std::fs::File::open("/dev/null").unwrap()).collect();
    assert!(source.count_of(own, "fd").unwrap() >= kept.len() as u64);
    let captured = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/laptop");
    let captured = Source::open(&captured).unwrap();
    assert_eq!(captured.count_of(3120, "fd"), Ok(3));
    assert_eq!(captured.io_priority_of(3120), Err(Errno::NOSYS));
}

#[test]
fn a_probe_can_refuse_and_shorten() {
    struct OnlyTwo;
    impl Probe for OnlyTwo {
        fn before(&self, operation: Operation<'_>) -> Verdict {
            match operation {
                Operation::Read("proc/uptime") => Verdict::Truncate(2),
                _ => Verdict::Fail(Errno::IO),
            }
        }
    }
    let source = Source::live().unwrap().with_probe(Arc::new(OnlyTwo));
    let mut buffer = Vec::new();
    assert_eq!(source.read("proc/uptime", &mut buffer).unwrap().len(), 2);
    assert_eq!(source.read("proc/stat", &mut buffer), Err(Errno::IO));
    assert_eq!(source.cpu_ns_of(1), Err(Errno::IO));
}
