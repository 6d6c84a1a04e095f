//! The one place with `unsafe`: system calls that no crate wraps.
#![allow(unsafe_code)] // each block names why it is sound

use rustix::io::Errno;

/// CPU time of a whole process (all its threads, living and ended) in nanoseconds since it began.
///
/// Reads the process's CPU clock, `clock_getcpuclockid(3)`: no file, no descriptor and no permission is
/// needed, and it costs a tenth of `/proc/[pid]/stat`.
///
/// # Errors
/// `EINVAL`: there is no such process, or the kernel does not let us see this clock.
pub fn process_cpu_ns(pid: u32) -> Result<u64, Errno> {
    // The kernel's encoding of the clock: the pid's complement in the upper bits, 2 = CPUCLOCK_SCHED.
    const CPUCLOCK_SCHED: libc::clockid_t = 2;
    // No kernel gives more, `PID_MAX_LIMIT` in proc_sys_kernel(5).
    const PID_MAX: u32 = 1 << 22;
    // 0 would be our own clock, and bits that the encoding shifts out would name another process.
    if pid == 0 || pid > PID_MAX {
        return Err(Errno::INVAL);
    }
    let pid = pid.cast_signed();
    let clock = (!pid << 3) | CPUCLOCK_SCHED;
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec for the kernel to write to; no other memory is touched.
    let failed = unsafe { libc::clock_gettime(clock, &raw mut time) } != 0;
    if failed {
        return Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL));
    }
    Ok(u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0))
}

/// I/O priority of a process's main thread as `class << 13 | level`, ioprio_get(2).
///
/// # Errors
/// `ESRCH`: there is no such process; `EPERM`: a security module forbids it.
pub fn io_priority(pid: u32) -> Result<u16, Errno> {
    // libc has no name for it, `include/uapi/linux/ioprio.h`.
    const IOPRIO_WHO_PROCESS: libc::c_int = 1;
    // 0 would be ourselves.
    let pid = libc::c_int::try_from(pid).ok().filter(|&pid| pid != 0).ok_or(Errno::INVAL)?;
    // SAFETY: the call takes two numbers and touches no memory of ours.
    let answer = unsafe { libc::syscall(libc::SYS_ioprio_get, IOPRIO_WHO_PROCESS, pid) };
    if answer < 0 {
        return Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL));
    }
    u16::try_from(answer).map_err(|_| Errno::INVAL)
}

/// Kernel clock ticks per second, the unit of times in `/proc/[pid]/stat`, `sysconf(_SC_CLK_TCK)`.
#[must_use]
pub fn clock_ticks_per_second() -> u64 {
    rustix::param::clock_ticks_per_second()
}

/// Bytes in a page, the unit of `/proc/[pid]/statm`, `sysconf(_SC_PAGESIZE)`.
#[must_use]
pub fn page_bytes() -> u64 {
    rustix::param::page_size() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_io_priority_is_one_and_no_process_has_none() {
        // Classes 0 to 3, levels 0 to 7.
        let own = io_priority(std::process::id()).unwrap();
        assert!(own >> 13 <= 3 && own & 0x1fff <= 7, "{own:#x}");
        assert_eq!(io_priority(0), Err(Errno::INVAL));
        assert_eq!(io_priority(u32::MAX), Err(Errno::INVAL));
        assert_eq!(io_priority(1 << 22), Err(Errno::SRCH));
    }

    #[test]
    fn own_clock_moves_and_no_process_has_none() {
        let before = process_cpu_ns(std::process::id()).unwrap();
        let mut sum = 0_u64;
        for i in 0..100_000_u64 {
            sum = std::hint::black_box(sum ^ i);
        }
        assert!(process_cpu_ns(std::process::id()).unwrap() > before, "{sum}");
        for nobody in [0, 1 << 22, u32::MAX >> 3, u32::MAX] {
            assert_eq!(process_cpu_ns(nobody), Err(Errno::INVAL), "{nobody}");
        }
    }
}
