//! CPUs beside their time: which are online, how they share cores, how fast they run.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::files::{Files, is_due};
use crate::kernel::{cpu_list, sysfs};

/// No kernel is built for more (`CONFIG_NR_CPUS`); a list of a few bytes may name billions.
const MOST_CPUS: u32 = 16_384;

/// Where a CPU stands in the machine, `Documentation/admin-guide/cputopology.rst`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuTopology {
    /// Its number.
    pub number: u32,
    /// Whether it is in use.
    pub online: Option<bool>,
    /// The chip it is on; unknown while offline.
    pub package: Option<u32>,
    /// Its core, a number of its own in each package; unknown while offline.
    pub core: Option<u32>,
    /// The CPUs that share its core, itself included, as ranges.
    pub thread_siblings: Vec<(u32, u32)>,
    /// Fast or frugal, where the chip has both.
    pub core_type: Option<CoreType>,
    /// Work it does in a time, 1024 being the fastest CPU's (`cpu_capacity`); CPUs of one machine may differ.
    pub capacity: Option<u32>,
}

/// The two sorts of cores of a hybrid chip, `/sys/devices/cpu_core` and `/sys/devices/cpu_atom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoreType {
    /// Built for speed.
    Performance,
    /// Built for low power.
    Efficiency,
}

/// How fast a CPU runs, `Documentation/admin-guide/pm/cpufreq.rst`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuFrequency {
    /// The CPU's number.
    pub number: u32,
    /// Now (`scaling_cur_freq`).
    pub current_hz: Option<u64>,
    /// The slowest it can run (`cpuinfo_min_freq`).
    pub min_hz: Option<u64>,
    /// The fastest it can run (`cpuinfo_max_freq`).
    pub max_hz: Option<u64>,
    /// The fastest it is allowed to run (`scaling_max_freq`).
    pub limit_hz: Option<u64>,
}

/// Remembers CPUs while the set of those online stays.
#[derive(Default)]
pub struct CpuReader {
    online: Online,
    topology: Arc<Vec<CpuTopology>>,
    topology_of: Option<Online>,
    performance: Vec<(u32, u32)>,
    efficiency: Vec<(u32, u32)>,
    frequency: Vec<CpuFrequency>,
    frequency_of: Option<Online>,
}

/// What `present` and `online` say.
#[derive(Default, Clone, PartialEq)]
struct Online {
    present: Vec<(u32, u32)>,
    online: Option<Vec<(u32, u32)>>,
}

impl CpuReader {
    /// Looks which CPUs there are; before any other question of a tick.
    pub fn look(&mut self, files: &mut Files<'_>) {
        let online = files.read(&[b"sys/devices/system/cpu/online"]).map(cpu_list::ranges);
        let present = files.read(&[b"sys/devices/system/cpu/present"]).map(cpu_list::ranges);
        self.online = Online { present: present.or_else(|| online.clone()).unwrap_or_default(), online };
    }

    /// Where each CPU that is there stands, those offline too.
    pub fn topology(&mut self, files: &mut Files<'_>, tick: u32) -> Option<Arc<Vec<CpuTopology>>> {
        if self.online.present.is_empty() {
            return None;
        }
        let same = self.topology_of.as_ref() == Some(&self.online);
        if !same {
            self.topology_of = Some(self.online.clone());
            let mut list = |path: &[u8]| files.read(&[path]).map(cpu_list::ranges).unwrap_or_default();
            self.performance = list(b"sys/devices/cpu_core/cpus");
            self.efficiency = list(b"sys/devices/cpu_atom/cpus");
            let all = numbers(&self.online.present).map(|number| self.place(files, number));
            self.topology = Arc::new(all.collect());
        }
        for index in (0..self.topology.len()).filter(|&index| same && is_due(index, tick)) {
            let now = self.place(files, self.topology[index].number);
            if now != self.topology[index] {
                Arc::make_mut(&mut self.topology)[index] = now;
            }
        }
        Some(Arc::clone(&self.topology))
    }

    fn place(&self, files: &mut Files<'_>, number: u32) -> CpuTopology {
        let digits = number.to_string();
        let at = |file: &'static [u8]| [&b"sys/devices/system/cpu/cpu"[..], digits.as_bytes(), file];
        let siblings = files.read(&at(b"/topology/thread_siblings_list")).map(cpu_list::ranges);
        let core_type = if contains(&self.performance, number) {
            Some(CoreType::Performance)
        } else {
            contains(&self.efficiency, number).then_some(CoreType::Efficiency)
        };
        CpuTopology {
            number,
            online: self.online.online.as_ref().map(|online| contains(online, number)),
            // −1 where the firmware does not tell.
            package: files.unsigned(&at(b"/topology/physical_package_id")),
            core: files.unsigned(&at(b"/topology/core_id")),
            thread_siblings: siblings.unwrap_or_default(),
            core_type,
            capacity: files.unsigned(&at(b"/cpu_capacity")),
        }
    }

    /// How fast each CPU that is online runs; empty where the machine does not tell.
    pub fn frequency(&mut self, files: &mut Files<'_>, tick: u32) -> Option<Vec<CpuFrequency>> {
        if self.online.present.is_empty() {
            return None;
        }
        if self.frequency_of.as_ref() != Some(&self.online) {
            self.frequency_of = Some(self.online.clone());
            let online = self.online.online.as_ref().unwrap_or(&self.online.present);
            self.frequency = numbers(online).map(|number| limits(files, number)).collect();
        }
        for (index, cpu) in self.frequency.iter_mut().enumerate() {
            if is_due(index, tick) {
                *cpu = limits(files, cpu.number);
            }
            if cpu.min_hz.or(cpu.max_hz).or(cpu.limit_hz).is_some() {
                cpu.current_hz = hertz(files, cpu.number, b"scaling_cur_freq");
            }
        }
        Some(self.frequency.iter().filter(|cpu| cpu.current_hz.or(cpu.max_hz).is_some()).copied().collect())
    }
}

/// What changes seldom; all is absent where the CPU's speed is not the kernel's affair.
fn limits(files: &mut Files<'_>, number: u32) -> CpuFrequency {
    CpuFrequency {
        number,
        current_hz: None,
        min_hz: hertz(files, number, b"cpuinfo_min_freq"),
        max_hz: hertz(files, number, b"cpuinfo_max_freq"),
        limit_hz: hertz(files, number, b"scaling_max_freq"),
    }
}

fn hertz(files: &mut Files<'_>, number: u32, file: &[u8]) -> Option<u64> {
    let mut digits = Digits::default();
    let number = digits.of(number);
    let path = [&b"sys/devices/system/cpu/cpu"[..], number, b"/cpufreq/", file];
    // Kilohertz; "<unknown>" from some drivers.
    let kilohertz = files.read(&path).and_then(sysfs::unsigned::<u32>).filter(|&kilohertz| kilohertz > 0)?;
    Some(u64::from(kilohertz) * 1000)
}

/// A number as text without an allocation.
#[derive(Default)]
struct Digits([u8; 10]);

impl Digits {
    fn of(&mut self, mut number: u32) -> &[u8] {
        let mut at = self.0.len();
        loop {
            at -= 1;
            self.0[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                return &self.0[at..];
            }
        }
    }
}

fn contains(ranges: &[(u32, u32)], number: u32) -> bool {
    ranges.iter().any(|&(first, last)| (first..=last).contains(&number))
}

fn numbers(ranges: &[(u32, u32)]) -> impl Iterator<Item = u32> + use<'_> {
    ranges.iter().flat_map(|&(first, last)| first..=last.min(MOST_CPUS)).take(MOST_CPUS as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_text() {
        for number in [0, 7, 10, 511, u32::MAX] {
            assert_eq!(Digits::default().of(number), number.to_string().as_bytes());
        }
    }

    #[test]
    fn a_list_that_names_billions_is_cut() {
        assert_eq!(numbers(&[(0, u32::MAX), (0, u32::MAX)]).count(), MOST_CPUS as usize);
        assert_eq!(numbers(&[(2, 3), (8, 8)]).collect::<Vec<_>>(), [2, 3, 8]);
    }
}
