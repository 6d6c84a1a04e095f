//! What stays while the machine runs.

use serde::{Deserialize, Serialize};

use crate::kernel::cpuinfo;
use crate::names::display_name;
use crate::source::Source;
use crate::sys;

/// What stays while the machine runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The kernel's id of this boot, `/proc/sys/kernel/random/boot_id`.
    pub boot_id: Box<str>,
    /// Units of CPU and start times per second.
    pub clock_ticks: u64,
    /// Bytes in a page.
    pub page_bytes: u64,
    /// Host name.
    pub host: Option<Box<str>>,
    /// Kernel release.
    pub kernel: Option<Box<str>>,
    /// Name and version of the distribution.
    pub distribution: Option<Box<str>>,
    /// What the CPUs are called.
    pub cpu_model: Option<Box<str>>,
}

impl Machine {
    /// Reads the machine's own description.
    #[must_use]
    pub fn read(source: &Source) -> Self {
        let mut buffer = Vec::new();
        let mut read = |path: &str| source.read(path, &mut buffer).ok().map(<[u8]>::to_vec);
        let boot_id = read("proc/sys/kernel/random/boot_id").unwrap_or_default();
        let cpu_model = read("proc/cpuinfo").and_then(|bytes| cpuinfo::parse(&bytes).model);
        // The running machine is asked; another one (captured, or a host seen from a container) has files.
        let live = source.is_live();
        let mut named = |name: fn() -> Result<String, sysinfo::Error>, path: &str, of: fn(&[u8]) -> &[u8]| {
            let name = if live { name().ok()?.into_bytes() } else { of(&read(path)?).to_vec() };
            let name = name.trim_ascii();
            (!name.is_empty()).then(|| display_name(name).into())
        };
        let host = named(sysinfo::System::host_name, "proc/sys/kernel/hostname", |file| file);
        let kernel = named(sysinfo::System::kernel_version, "proc/sys/kernel/osrelease", |file| file);
        let distribution = named(sysinfo::System::long_os_version, "etc/os-release", pretty_name);
        Self {
            boot_id: String::from_utf8_lossy(boot_id.trim_ascii()).into(),
            clock_ticks: sys::clock_ticks_per_second(),
            page_bytes: sys::page_bytes(),
            host,
            kernel,
            distribution,
            cpu_model: cpu_model.map(|model| display_name(&model).into()),
        }
    }
}

/// What a distribution calls itself, `PRETTY_NAME` in os-release(5).
fn pretty_name(file: &[u8]) -> &[u8] {
    let mut values = file.split(|&byte| byte == b'\n').filter_map(|line| line.strip_prefix(b"PRETTY_NAME="));
    let value = values.next().unwrap_or_default().trim_ascii();
    let quoted = |quote: &[u8]| value.strip_prefix(quote)?.strip_suffix(quote);
    quoted(b"\"").or_else(|| quoted(b"'")).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_names_itself_with_and_without_quotes() {
        assert_eq!(
            pretty_name(b"ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nX=\n"),
            b"Debian GNU/Linux 13 (trixie)"
        );
        assert_eq!(pretty_name(b"PRETTY_NAME='A B'\n"), b"A B");
        assert_eq!(pretty_name(b"PRETTY_NAME=Plain"), b"Plain");
        assert_eq!(pretty_name(b"PRETTY_NAME=\""), b"\"");
        assert_eq!(pretty_name(b"NAME=x\n"), b"");
    }

    #[test]
    fn the_running_machine_has_a_name_and_a_kernel() {
        let machine = Machine::read(&Source::live().unwrap());
        let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
        assert_eq!(machine.kernel.as_deref(), Some(release.trim()));
        assert!(machine.host.is_some_and(|host| !host.is_empty()));
    }
}
