//! Facts of the whole machine: one module for each sort of device, and the files of `/proc` here.
//!
//! Counters are read at each tick. What devices are (models, sizes, limits) is read once, again when the
//! set of devices changes, and else in a slow rotation, a part of the devices each tick.

mod cpus;
mod disks;
mod files;
mod links;
mod machine;
mod power;
mod sensors;

pub use cpus::{CoreType, CpuFrequency, CpuTopology};
pub use disks::{DiskFacts, Partition, Zram};
pub use links::{Link, LinkKind, LinkState};
pub use machine::Machine;
pub use power::{Supply, SupplyFacts, SupplyKind, SupplyStatus};
pub use sensors::{Sensor, SensorFacts};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::cpus::CpuReader;
use self::disks::{DiskReader, ZramReader};
use self::files::{Files, Room, is_due};
use self::links::LinkReader;
use self::power::PowerReader;
use self::sensors::SensorReader;
use super::{FileSystem, Needs};
use crate::kernel::diskstats::{self, Disk};
use crate::kernel::loadavg::{self, LoadAvg};
use crate::kernel::meminfo::{self, MemInfo};
use crate::kernel::net_dev::{self, NetDev};
use crate::kernel::pressure::{self, Pressure};
use crate::kernel::stat::{self, Stat};
use crate::kernel::swaps::{self, Swap};
use crate::kernel::uptime::{self, Uptime};
use crate::kernel::vmstat::{self, VmStat};
use crate::source::Source;

/// Counters and amounts of the whole machine; `None` is what was not asked for or cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct System {
    /// Time of each CPU, `/proc/stat`.
    pub stat: Option<Stat>,
    /// Memory, `/proc/meminfo`.
    pub memory: Option<MemInfo>,
    /// Network interfaces, `/proc/net/dev`.
    pub network: Option<Vec<NetDev>>,
    /// Load averages, `/proc/loadavg`.
    pub load: Option<LoadAvg>,
    /// Mounts and how full they are.
    pub file_systems: Option<Arc<Vec<FileSystem>>>,
    /// Paging, faults and reclaim, `/proc/vmstat`.
    pub vm: Option<VmStat>,
    /// Swap areas, `/proc/swaps`.
    pub swaps: Option<Vec<Swap>>,
    /// Compressed memory that poses as disks, `/sys/block/zram*`.
    pub zram: Option<Vec<Zram>>,
    /// Time lost waiting, `/proc/pressure`; `None` for a kernel without it.
    pub pressure: Option<Pressures>,
    /// What interfaces are, `/sys/class/net`; in the order of `network`.
    pub links: Option<Arc<Vec<Link>>>,
    /// What disks and partitions did, `/proc/diskstats`.
    pub disks: Option<Vec<Disk>>,
    /// What disks are, `/sys/block`.
    pub disk_facts: Option<Arc<Vec<DiskFacts>>>,
    /// Where CPUs stand, those offline too, `/sys/devices/system/cpu`.
    pub cpu_topology: Option<Arc<Vec<CpuTopology>>>,
    /// How fast CPUs run, by number; empty where the kernel does not tell.
    pub cpu_frequency: Option<Vec<CpuFrequency>>,
    /// Temperatures, fans and the like, `/sys/class/hwmon`.
    pub sensors: Option<Vec<Sensor>>,
    /// Batteries and chargers, `/sys/class/power_supply`.
    pub power: Option<Vec<Supply>>,
    /// Time since boot, `/proc/uptime`.
    pub uptime: Option<Uptime>,
}

/// Time lost waiting for each resource, `/proc/pressure/*`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Pressures {
    /// For a CPU.
    pub cpu: Option<Pressure>,
    /// For memory.
    pub memory: Option<Pressure>,
    /// For disks.
    pub io: Option<Pressure>,
    /// For interrupts to end, since Linux 6.1 and only where the kernel was built to count it.
    pub irq: Option<Pressure>,
}

/// Reads [`System`] through one buffer, and remembers what devices are.
#[derive(Default)]
pub struct SystemReader {
    room: Room,
    tick: u32,
    /// Most kernels do not count time lost to interrupts: they are not asked at each tick.
    no_irq_pressure: bool,
    zram: ZramReader,
    links: LinkReader,
    disks: DiskReader,
    cpus: CpuReader,
    sensors: SensorReader,
    power: PowerReader,
}

impl SystemReader {
    /// Reads what is needed; a file that is missing or malformed is an absent value.
    pub fn read(&mut self, source: &Source, needs: Needs) -> System {
        self.tick = self.tick.wrapping_add(1);
        let tick = self.tick;
        let files = &mut Files::new(source, &mut self.room);
        let mut system = System::default();
        if needs.contains(Needs::CPU) {
            system.stat = files.read(&[b"proc/stat"]).map(stat::parse);
        }
        if needs.contains(Needs::MEMORY) {
            system.memory = files.read(&[b"proc/meminfo"]).map(meminfo::parse);
        }
        if needs.contains(Needs::LOAD) {
            system.load = files.read(&[b"proc/loadavg"]).map(loadavg::parse);
        }
        if needs.contains(Needs::UPTIME) {
            system.uptime = files.read(&[b"proc/uptime"]).map(uptime::parse);
        }
        if needs.contains(Needs::VMSTAT) {
            system.vm = files.read(&[b"proc/vmstat"]).map(vmstat::parse);
        }
        if needs.contains(Needs::SWAPS) {
            system.swaps = files.read(&[b"proc/swaps"]).map(swaps::parse);
        }
        if needs.contains(Needs::ZRAM) {
            system.zram = self.zram.read(files, tick);
        }
        if needs.contains(Needs::PRESSURE) {
            system.pressure = pressures(files, self.no_irq_pressure && !is_due(0, tick));
            self.no_irq_pressure = system.pressure.is_some_and(|all| all.irq.is_none());
        }
        // What interfaces and disks are hangs on which there are: the same files say both.
        if needs.intersects(Needs::NETWORK | Needs::LINKS) {
            let network = files.read(&[b"proc/net/dev"]).map(net_dev::parse);
            if needs.contains(Needs::LINKS)
                && let Some(network) = &network
            {
                let names = network.iter().map(|interface| &*interface.name);
                system.links = Some(self.links.read(files, names, tick));
            }
            system.network = network.filter(|_| needs.contains(Needs::NETWORK));
        }
        if needs.intersects(Needs::DISKS | Needs::DISK_FACTS) {
            let disks = files.read(&[b"proc/diskstats"]).map(diskstats::parse);
            if needs.contains(Needs::DISK_FACTS) {
                system.disk_facts = self.disks.read(files, disks.as_deref().unwrap_or_default(), tick);
            }
            system.disks = disks.filter(|_| needs.contains(Needs::DISKS));
        }
        if needs.intersects(Needs::CPU_TOPOLOGY | Needs::CPU_FREQUENCY) {
            self.cpus.look(files);
        }
        if needs.contains(Needs::CPU_TOPOLOGY) {
            system.cpu_topology = self.cpus.topology(files, tick);
        }
        if needs.contains(Needs::CPU_FREQUENCY) {
            system.cpu_frequency = self.cpus.frequency(files, tick);
        }
        if needs.contains(Needs::SENSORS) {
            system.sensors = self.sensors.read(files, tick);
        }
        if needs.contains(Needs::POWER) {
            system.power = self.power.read(files, tick);
        }
        system
    }
}

fn pressures(files: &mut Files<'_>, without_irq: bool) -> Option<Pressures> {
    let mut read = |file: &[u8]| files.read(&[b"proc/pressure/", file]).map(pressure::parse);
    let all = Pressures { cpu: read(b"cpu"), memory: read(b"memory"), io: read(b"io"), irq: None };
    all.cpu.or(all.memory).or(all.io)?;
    let irq = if without_irq { None } else { read(b"irq") };
    Some(Pressures { irq, ..all })
}
