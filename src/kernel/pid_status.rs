//! `/proc/[pid]/status`: what `stat` does not say (users, swap, capabilities), by name.

use serde::Serialize;

use super::text;

/// What `/proc/[pid]/status` says, proc_pid_status(5). Kernel threads and zombies have no memory fields.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PidStatus<'a> {
    /// Process id (`Tgid`); differs from the thread's own id in `task/[tid]/status`.
    pub thread_group: Option<u32>,
    /// Pid of the debugger (`TracerPid`); 0 for none.
    pub tracer: Option<u32>,
    /// Who started it (`Uid`, first).
    pub real_uid: Option<u32>,
    /// Whose rights it has (`Uid`, second).
    pub effective_uid: Option<u32>,
    /// `Uid`, third.
    pub saved_uid: Option<u32>,
    /// `Uid`, fourth.
    pub file_system_uid: Option<u32>,
    /// `Gid`, first.
    pub real_gid: Option<u32>,
    /// `Gid`, second.
    pub effective_gid: Option<u32>,
    /// `Gid`, third.
    pub saved_gid: Option<u32>,
    /// `Gid`, fourth.
    pub file_system_gid: Option<u32>,
    /// Its pid in the innermost pid namespace (`NSpid`, last), since Linux 4.1.
    pub innermost_pid: Option<u32>,
    /// Largest address space so far (`VmPeak`).
    pub peak_virtual_bytes: Option<u64>,
    /// Address space (`VmSize`).
    pub virtual_bytes: Option<u64>,
    /// Memory locked against reclaim (`VmLck`).
    pub locked_bytes: Option<u64>,
    /// Largest resident set so far (`VmHWM`).
    pub peak_resident_bytes: Option<u64>,
    /// Resident set (`VmRSS`).
    pub resident_bytes: Option<u64>,
    /// Resident anonymous memory (`RssAnon`), since Linux 4.5.
    pub anonymous_bytes: Option<u64>,
    /// Resident file mappings (`RssFile`), since Linux 4.5.
    pub file_bytes: Option<u64>,
    /// Resident shared memory (`RssShmem`), since Linux 4.5.
    pub shared_memory_bytes: Option<u64>,
    /// Data segment (`VmData`).
    pub data_bytes: Option<u64>,
    /// Anonymous memory in swap, without shared memory (`VmSwap`), since Linux 2.6.34.
    pub swap_bytes: Option<u64>,
    /// `Threads`.
    pub threads: Option<u32>,
    /// Blocked signals (`SigBlk`): bit 0 is signal 1.
    pub blocked_signals: Option<u64>,
    /// Ignored signals (`SigIgn`).
    pub ignored_signals: Option<u64>,
    /// Caught signals (`SigCgt`).
    pub caught_signals: Option<u64>,
    /// Effective capabilities (`CapEff`), capabilities(7).
    pub effective_capabilities: Option<u64>,
    /// Whether execve cannot gain privileges (`NoNewPrivs`), since Linux 4.10.
    pub no_new_privileges: Option<bool>,
    /// Seccomp mode: 0 off, 1 strict, 2 filter. Since Linux 3.8.
    pub seccomp: Option<u8>,
    /// CPUs it may run on (`Cpus_allowed_list`); see [`cpu_list`](super::cpu_list).
    pub cpus_allowed: Option<&'a [u8]>,
    /// Switches because it waited, of this thread only, since Linux 2.6.23.
    pub voluntary_switches: Option<u64>,
    /// Switches because its time was up, of this thread only, since Linux 2.6.23.
    pub involuntary_switches: Option<u64>,
}

/// Reads `status`. `Name` is left alone: it is escaped here and raw in `stat`.
#[must_use]
pub fn parse(bytes: &[u8]) -> PidStatus<'_> {
    let mut status = PidStatus::default();
    for (key, value) in text::lines(bytes).filter_map(text::keyed) {
        match key {
            b"Tgid" => status.thread_group = text::number(value),
            b"TracerPid" => status.tracer = text::number(value),
            b"Uid" => {
                let [real, effective, saved, file_system] = four(value);
                status.real_uid = real;
                status.effective_uid = effective;
                status.saved_uid = saved;
                status.file_system_uid = file_system;
            }
            b"Gid" => {
                let [real, effective, saved, file_system] = four(value);
                status.real_gid = real;
                status.effective_gid = effective;
                status.saved_gid = saved;
                status.file_system_gid = file_system;
            }
            b"NSpid" => status.innermost_pid = text::fields(value).last().and_then(text::number),
            b"VmPeak" => status.peak_virtual_bytes = text::kibibytes(value),
            b"VmSize" => status.virtual_bytes = text::kibibytes(value),
            b"VmLck" => status.locked_bytes = text::kibibytes(value),
            b"VmHWM" => status.peak_resident_bytes = text::kibibytes(value),
            b"VmRSS" => status.resident_bytes = text::kibibytes(value),
            b"RssAnon" => status.anonymous_bytes = text::kibibytes(value),
            b"RssFile" => status.file_bytes = text::kibibytes(value),
            b"RssShmem" => status.shared_memory_bytes = text::kibibytes(value),
            b"VmData" => status.data_bytes = text::kibibytes(value),
            b"VmSwap" => status.swap_bytes = text::kibibytes(value),
            b"Threads" => status.threads = text::number(value),
            b"SigBlk" => status.blocked_signals = text::hexadecimal(value),
            b"SigIgn" => status.ignored_signals = text::hexadecimal(value),
            b"SigCgt" => status.caught_signals = text::hexadecimal(value),
            b"CapEff" => status.effective_capabilities = text::hexadecimal(value),
            b"NoNewPrivs" => status.no_new_privileges = text::number::<u8>(value).map(|flag| flag != 0),
            b"Seccomp" => status.seccomp = text::number(value),
            b"Cpus_allowed_list" => status.cpus_allowed = (!value.is_empty()).then_some(value),
            b"voluntary_ctxt_switches" => status.voluntary_switches = text::number(value),
            b"nonvoluntary_ctxt_switches" => status.involuntary_switches = text::number(value),
            _ => {}
        }
    }
    status
}

fn four(value: &[u8]) -> [Option<u32>; 4] {
    let mut fields = text::fields(value);
    std::array::from_fn(|_| fields.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_by_name_and_in_bytes() {
        let status = parse(
            b"Name:\ta\\nVmSwap:\nUid:\t1000\t0\t0\t4294967294\nNSpid:\t6492\t12\t1\nVmSwap:\t     8 kB\n\
              SigIgn:\t0000000001001000\nNoNewPrivs:\t1\nSeccomp:\t2\nCpus_allowed_list:\t0-3,8\n\
              nonvoluntary_ctxt_switches:\t12\n",
        );
        let expected = PidStatus {
            real_uid: Some(1000),
            effective_uid: Some(0),
            saved_uid: Some(0),
            file_system_uid: Some(u32::MAX - 1),
            innermost_pid: Some(1),
            swap_bytes: Some(8192),
            ignored_signals: Some(0x0100_1000),
            no_new_privileges: Some(true),
            seccomp: Some(2),
            cpus_allowed: Some(b"0-3,8"),
            involuntary_switches: Some(12),
            ..PidStatus::default()
        };
        assert_eq!(status, expected);
    }

    #[test]
    fn a_malformed_value_costs_only_itself() {
        let status =
            parse(b"Uid:\t1000\tx\t1000\t-1\r\nVmRSS:\t18446744073709551612 kB\r\nThreads:\t2\r\nVmLck\n");
        let expected = PidStatus {
            real_uid: Some(1000),
            saved_uid: Some(1000),
            threads: Some(2),
            ..PidStatus::default()
        };
        assert_eq!(status, expected);
        assert_eq!(parse(b""), PidStatus::default());
    }
}
