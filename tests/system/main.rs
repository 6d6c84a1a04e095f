//! Facts of the whole machine: exact values of captured machines, generated ones, faults, sleep, and what
//! other tools say on this one.

mod faults;
mod generated;
mod laptop;
mod live;
mod rates;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use gnomon::sample::{Demand, Needs, Sampler, System};
use gnomon::source::{Operation, Probe, Source, Verdict};
use rustix::io::Errno;

/// All about the machine that stands in files of its own, a flag each.
const SYSTEM: [Needs; 16] = [
    Needs::CPU,
    Needs::MEMORY,
    Needs::NETWORK,
    Needs::LOAD,
    Needs::VMSTAT,
    Needs::SWAPS,
    Needs::ZRAM,
    Needs::PRESSURE,
    Needs::LINKS,
    Needs::DISKS,
    Needs::DISK_FACTS,
    Needs::CPU_FREQUENCY,
    Needs::CPU_TOPOLOGY,
    Needs::SENSORS,
    Needs::POWER,
    Needs::UPTIME,
];

fn everything() -> Needs {
    SYSTEM.into_iter().collect()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn sampled(root: &Path, needs: Needs) -> System {
    tick(&mut Sampler::new(Source::open(root).unwrap()), needs)
}

fn tick(sampler: &mut Sampler, needs: Needs) -> System {
    sampler.tick(&Demand::of(needs)).unwrap().system
}

/// A machine made of files, gone when dropped.
struct Tree(PathBuf);

impl Tree {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("gnomon-system-{}-{number}", std::process::id()));
        fs::create_dir_all(root.join("proc")).unwrap();
        Self(root)
    }

    fn file(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn files(&self, directory: &str, files: &[(&str, &str)]) -> &Self {
        for (name, text) in files {
            self.file(format!("{directory}/{name}"), format!("{text}\n"));
        }
        self
    }

    fn link(&self, path: &str, target: &str) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
        self
    }

    fn remove(&self, path: &str) {
        let path = self.0.join(path);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    fn system(&self, needs: Needs) -> System {
        sampled(&self.0, needs)
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes down every operation, and fails one of them.
#[derive(Default)]
struct Log {
    seen: Mutex<Vec<String>>,
    fail: Option<(usize, Errno)>,
    /// Not before the sampler has read the machine's own description.
    armed: AtomicBool,
}

impl Log {
    fn sampler(self: &Arc<Self>, root: &Path) -> Sampler {
        let sampler =
            Sampler::new(Source::open(root).unwrap().with_probe(Arc::clone(self) as Arc<dyn Probe>));
        self.take();
        self.armed.store(true, Ordering::Relaxed);
        sampler
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

impl Probe for Log {
    fn before(&self, operation: Operation<'_>) -> Verdict {
        let mut seen = self.seen.lock().unwrap();
        seen.push(match operation {
            Operation::Read(path) | Operation::Link(path) => path.to_owned(),
            Operation::List(path) => format!("{path}/"),
            Operation::Addresses => "addresses".to_owned(),
            other => format!("{other:?}"),
        });
        match self.fail {
            Some((at, error)) if self.armed.load(Ordering::Relaxed) && at + 1 == seen.len() => {
                Verdict::Fail(error)
            }
            _ => Verdict::Proceed,
        }
    }
}
