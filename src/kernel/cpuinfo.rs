//! `/proc/cpuinfo`: what the processors are called and how they are arranged. Every architecture has its own
//! names; those of x86, ARM, POWER, RISC-V, LoongArch and MIPS are known here.

use serde::{Deserialize, Serialize};

use super::text;

/// What `/proc/cpuinfo` says, proc_cpuinfo(5).
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct CpuInfo {
    /// What the processor is called; 64-bit ARM kernels do not say.
    pub model: Option<Box<[u8]>>,
    /// What the machine is called, on boards that say so here.
    pub machine: Option<Box<[u8]>>,
    /// Each CPU that is online.
    pub processors: Vec<Processor>,
}

/// One CPU.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Processor {
    /// Its number.
    pub number: u32,
    /// Its frequency in MHz, now on x86, nominal elsewhere.
    pub mhz: Option<f64>,
    /// Its socket.
    pub physical_id: Option<u32>,
    /// Its core within the socket; hardware threads share one.
    pub core_id: Option<u32>,
}

/// Reads `/proc/cpuinfo`.
#[must_use]
pub fn parse(bytes: &[u8]) -> CpuInfo {
    let mut info = CpuInfo::default();
    // The lower, the better: 32-bit ARM kernels say "Processor", "model name" and "Hardware".
    let mut model: Option<(u8, &[u8])> = None;
    let mut current: Option<Processor> = None;
    for line in text::lines(bytes) {
        let Some((key, value)) = text::keyed(line) else {
            continue;
        };
        if value.is_empty() {
            continue;
        }
        let rank = match key {
            b"model name" | b"Model Name" => 0,
            b"cpu" | b"cpu model" => 1,
            b"Processor" => 2,
            b"uarch" => 3,
            _ => u8::MAX,
        };
        if rank != u8::MAX && model.is_none_or(|(known, _)| rank < known) {
            model = Some((rank, value));
        }
        match key {
            b"processor" => {
                info.processors.extend(current.take());
                current = text::number(value).map(|number| Processor { number, ..Processor::default() });
            }
            b"Model" | b"Hardware" | b"machine" => info.machine = Some(value.into()),
            _ => {
                if let Some(processor) = &mut current {
                    processor.set(key, value);
                }
            }
        }
    }
    info.processors.extend(current);
    info.model = model.map(|(_, name)| name.into());
    info
}

impl Processor {
    fn set(&mut self, key: &[u8], value: &[u8]) {
        match key {
            b"cpu MHz" | b"CPU MHz" => self.mhz = text::decimal(value),
            // POWER: "3400.000000MHz"
            b"clock" => self.mhz = value.strip_suffix(b"MHz").and_then(text::decimal),
            b"physical id" | b"package" => self.physical_id = text::number(value),
            b"core id" | b"core" => self.core_id = text::number(value),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x86() {
        let info = parse(
            b"processor\t: 0\nmodel\t\t: 2\nmodel name\t: AMD EPYC\ncpu MHz\t\t: 2596.100\nphysical id\t: 0\n\
              core id\t\t: 1\ncpu cores\t: 2\npower management:\n\nprocessor\t: 3\nmodel name\t: AMD EPYC\n\
              cpu MHz\t\t: x\n\n",
        );
        let expected = CpuInfo {
            model: Some((*b"AMD EPYC").into()),
            machine: None,
            processors: vec![
                Processor { number: 0, mhz: Some(2596.1), physical_id: Some(0), core_id: Some(1) },
                Processor { number: 3, ..Processor::default() },
            ],
        };
        assert_eq!(info, expected);
    }

    #[test]
    fn arm() {
        let info = parse(
            b"Processor\t: ARMv7 Processor rev 4 (v7l)\nprocessor\t: 0\nBogoMIPS\t: 38.40\n\nprocessor\t: 1\n\
              CPU implementer\t: 0x41\nCPU part\t: 0xd03\n\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 3 Model B\n",
        );
        assert_eq!(info.model.as_deref(), Some(&b"ARMv7 Processor rev 4 (v7l)"[..]));
        assert_eq!(info.machine.as_deref(), Some(&b"Raspberry Pi 3 Model B"[..]));
        assert_eq!(info.processors.iter().map(|cpu| cpu.number).collect::<Vec<_>>(), [0, 1]);
        let info = parse(b"processor\t: 0\nCPU implementer\t: 0x41\n");
        assert_eq!((info.model, info.processors.len()), (None, 1));
    }

    #[test]
    fn power() {
        let info = parse(
            b"processor\t: 8\ncpu\t\t: POWER9 (raw), altivec supported\nclock\t\t: 3400.000000MHz\n\
              revision\t: 2.2\n\ntimebase\t: 512000000\nplatform\t: PowerNV\nmachine\t\t: PowerNV T2P9D01\n",
        );
        assert_eq!(info.model.as_deref(), Some(&b"POWER9 (raw), altivec supported"[..]));
        assert_eq!(info.machine.as_deref(), Some(&b"PowerNV T2P9D01"[..]));
        assert_eq!(info.processors, [Processor { number: 8, mhz: Some(3400.0), ..Processor::default() }]);
    }

    #[test]
    fn nothing() {
        assert_eq!(parse(b""), CpuInfo::default());
        assert_eq!(parse(b"processor\t: x\r\ncpu MHz\t: 1\r\n"), CpuInfo::default());
    }
}
