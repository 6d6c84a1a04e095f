//! `/proc/meminfo`: where the machine's memory is.

use serde::{Deserialize, Serialize};

use super::text;

/// What `/proc/meminfo` says, proc_meminfo(5).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemInfo {
    /// Usable memory (`MemTotal`).
    pub total_bytes: Option<u64>,
    /// Used for nothing (`MemFree`).
    pub free_bytes: Option<u64>,
    /// What new programs can have without swapping, since Linux 3.14 (`MemAvailable`).
    pub available_bytes: Option<u64>,
    /// Cache of block devices (`Buffers`).
    pub buffers_bytes: Option<u64>,
    /// Cache of files, shared memory included (`Cached`).
    pub cached_bytes: Option<u64>,
    /// In memory and in swap (`SwapCached`).
    pub swap_cached_bytes: Option<u64>,
    /// Used lately (`Active`).
    pub active_bytes: Option<u64>,
    /// Not used lately, reclaimed first (`Inactive`).
    pub inactive_bytes: Option<u64>,
    /// The anonymous part of `Active` (`Active(anon)`).
    pub active_anonymous_bytes: Option<u64>,
    /// The anonymous part of `Inactive` (`Inactive(anon)`).
    pub inactive_anonymous_bytes: Option<u64>,
    /// The part of `Active` in files (`Active(file)`).
    pub active_file_bytes: Option<u64>,
    /// The part of `Inactive` in files (`Inactive(file)`).
    pub inactive_file_bytes: Option<u64>,
    /// Cannot be reclaimed (`Unevictable`).
    pub unevictable_bytes: Option<u64>,
    /// Locked by mlock(2) (`Mlocked`).
    pub locked_bytes: Option<u64>,
    /// Swap space (`SwapTotal`).
    pub swap_total_bytes: Option<u64>,
    /// Unused swap space (`SwapFree`).
    pub swap_free_bytes: Option<u64>,
    /// Memory that compressed swap pages take, since Linux 5.19 (`Zswap`).
    pub zswap_bytes: Option<u64>,
    /// What these pages held, since Linux 5.19 (`Zswapped`).
    pub zswapped_bytes: Option<u64>,
    /// Waits to be written to disk (`Dirty`).
    pub dirty_bytes: Option<u64>,
    /// Being written to disk (`Writeback`).
    pub writeback_bytes: Option<u64>,
    /// Anonymous memory in page tables (`AnonPages`).
    pub anonymous_bytes: Option<u64>,
    /// Files in page tables (`Mapped`).
    pub mapped_bytes: Option<u64>,
    /// Shared memory and tmpfs (`Shmem`).
    pub shared_memory_bytes: Option<u64>,
    /// Kernel memory that can be reclaimed, since Linux 4.20 (`KReclaimable`).
    pub kernel_reclaimable_bytes: Option<u64>,
    /// Kernel data structures (`Slab`).
    pub slab_bytes: Option<u64>,
    /// The part of them that can be reclaimed (`SReclaimable`).
    pub slab_reclaimable_bytes: Option<u64>,
    /// The part of them that cannot (`SUnreclaim`).
    pub slab_unreclaimable_bytes: Option<u64>,
    /// Stacks of all threads in the kernel (`KernelStack`).
    pub kernel_stack_bytes: Option<u64>,
    /// Page tables (`PageTables`).
    pub page_tables_bytes: Option<u64>,
    /// Page tables of virtual machines and IOMMUs, since Linux 6.0 (`SecPageTables`).
    pub secondary_page_tables_bytes: Option<u64>,
    /// What may be promised under strict overcommit (`CommitLimit`).
    pub commit_limit_bytes: Option<u64>,
    /// What is promised (`Committed_AS`).
    pub committed_bytes: Option<u64>,
    /// The kernel's own address space (`VmallocTotal`).
    pub vmalloc_total_bytes: Option<u64>,
    /// What it uses of that (`VmallocUsed`).
    pub vmalloc_used_bytes: Option<u64>,
    /// Kernel memory kept once per CPU (`Percpu`).
    pub per_cpu_bytes: Option<u64>,
    /// Memory taken out of use as broken (`HardwareCorrupted`).
    pub hardware_corrupted_bytes: Option<u64>,
    /// Anonymous memory in transparent huge pages (`AnonHugePages`).
    pub anonymous_huge_bytes: Option<u64>,
    /// Shared memory in huge pages (`ShmemHugePages`).
    pub shared_memory_huge_bytes: Option<u64>,
    /// Files in huge pages, since Linux 5.4 (`FileHugePages`).
    pub file_huge_bytes: Option<u64>,
    /// Size of one reserved huge page (`Hugepagesize`).
    pub huge_page_bytes: Option<u64>,
    /// Memory in reserved huge pages of all sizes (`Hugetlb`).
    pub hugetlb_bytes: Option<u64>,
    /// Reserved huge pages, of the default size (`HugePages_Total`).
    pub huge_pages_total: Option<u64>,
    /// Those not in use (`HugePages_Free`).
    pub huge_pages_free: Option<u64>,
    /// Those promised but not yet in use (`HugePages_Rsvd`).
    pub huge_pages_reserved: Option<u64>,
}

/// Reads `/proc/meminfo`.
#[must_use]
pub fn parse(bytes: &[u8]) -> MemInfo {
    let mut memory = MemInfo::default();
    for (key, value) in text::lines(bytes).filter_map(text::keyed) {
        match key {
            b"MemTotal" => memory.total_bytes = text::kibibytes(value),
            b"MemFree" => memory.free_bytes = text::kibibytes(value),
            b"MemAvailable" => memory.available_bytes = text::kibibytes(value),
            b"Buffers" => memory.buffers_bytes = text::kibibytes(value),
            b"Cached" => memory.cached_bytes = text::kibibytes(value),
            b"SwapCached" => memory.swap_cached_bytes = text::kibibytes(value),
            b"Active" => memory.active_bytes = text::kibibytes(value),
            b"Inactive" => memory.inactive_bytes = text::kibibytes(value),
            b"Active(anon)" => memory.active_anonymous_bytes = text::kibibytes(value),
            b"Inactive(anon)" => memory.inactive_anonymous_bytes = text::kibibytes(value),
            b"Active(file)" => memory.active_file_bytes = text::kibibytes(value),
            b"Inactive(file)" => memory.inactive_file_bytes = text::kibibytes(value),
            b"Unevictable" => memory.unevictable_bytes = text::kibibytes(value),
            b"Mlocked" => memory.locked_bytes = text::kibibytes(value),
            b"SwapTotal" => memory.swap_total_bytes = text::kibibytes(value),
            b"SwapFree" => memory.swap_free_bytes = text::kibibytes(value),
            b"Zswap" => memory.zswap_bytes = text::kibibytes(value),
            b"Zswapped" => memory.zswapped_bytes = text::kibibytes(value),
            b"Dirty" => memory.dirty_bytes = text::kibibytes(value),
            b"Writeback" => memory.writeback_bytes = text::kibibytes(value),
            b"AnonPages" => memory.anonymous_bytes = text::kibibytes(value),
            b"Mapped" => memory.mapped_bytes = text::kibibytes(value),
            b"Shmem" => memory.shared_memory_bytes = text::kibibytes(value),
            b"KReclaimable" => memory.kernel_reclaimable_bytes = text::kibibytes(value),
            b"Slab" => memory.slab_bytes = text::kibibytes(value),
            b"SReclaimable" => memory.slab_reclaimable_bytes = text::kibibytes(value),
            b"SUnreclaim" => memory.slab_unreclaimable_bytes = text::kibibytes(value),
            b"KernelStack" => memory.kernel_stack_bytes = text::kibibytes(value),
            b"PageTables" => memory.page_tables_bytes = text::kibibytes(value),
            b"SecPageTables" => memory.secondary_page_tables_bytes = text::kibibytes(value),
            b"CommitLimit" => memory.commit_limit_bytes = text::kibibytes(value),
            b"Committed_AS" => memory.committed_bytes = text::kibibytes(value),
            b"VmallocTotal" => memory.vmalloc_total_bytes = text::kibibytes(value),
            b"VmallocUsed" => memory.vmalloc_used_bytes = text::kibibytes(value),
            b"Percpu" => memory.per_cpu_bytes = text::kibibytes(value),
            b"HardwareCorrupted" => memory.hardware_corrupted_bytes = text::kibibytes(value),
            b"AnonHugePages" => memory.anonymous_huge_bytes = text::kibibytes(value),
            b"ShmemHugePages" => memory.shared_memory_huge_bytes = text::kibibytes(value),
            b"FileHugePages" => memory.file_huge_bytes = text::kibibytes(value),
            b"Hugepagesize" => memory.huge_page_bytes = text::kibibytes(value),
            b"Hugetlb" => memory.hugetlb_bytes = text::kibibytes(value),
            b"HugePages_Total" => memory.huge_pages_total = text::number(value),
            b"HugePages_Free" => memory.huge_pages_free = text::number(value),
            b"HugePages_Rsvd" => memory.huge_pages_reserved = text::number(value),
            _ => {}
        }
    }
    memory.free_bytes = at_most(memory.free_bytes, memory.total_bytes);
    memory.available_bytes = at_most(memory.available_bytes, memory.total_bytes);
    memory.swap_free_bytes = at_most(memory.swap_free_bytes, memory.swap_total_bytes);
    memory
}

/// A part, unless it is larger than its whole: containers and kernels of 32 bits print such underflows.
fn at_most(part: Option<u64>, whole: Option<u64>) -> Option<u64> {
    part.filter(|part| whole.is_none_or(|whole| *part <= whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_by_name_and_in_bytes() {
        let memory = parse(
            b"MemTotal:       24684100 kB\nMemFree:        20726932 kB\nActive(anon):      41876 kB\n\
              HugePages_Total:       3\nBrandNew:  7 kB\nSwapTotal:             0 kB\nSwapFree: 0 kB\n",
        );
        let expected = MemInfo {
            total_bytes: Some(24_684_100 * 1024),
            free_bytes: Some(20_726_932 * 1024),
            active_anonymous_bytes: Some(41_876 * 1024),
            huge_pages_total: Some(3),
            swap_total_bytes: Some(0),
            swap_free_bytes: Some(0),
            ..MemInfo::default()
        };
        assert_eq!(memory, expected);
        assert_eq!(parse(b""), MemInfo::default());
    }

    #[test]
    fn a_part_is_not_larger_than_its_whole() {
        let memory = parse(
            b"MemTotal: 100 kB\r\nMemFree: 101 kB\r\nMemAvailable: 100 kB\r\nSwapTotal: 5 kB\r\n\
              SwapFree: 18446744073709551612 kB\r\n",
        );
        let expected = MemInfo {
            total_bytes: Some(102_400),
            available_bytes: Some(102_400),
            swap_total_bytes: Some(5120),
            ..MemInfo::default()
        };
        assert_eq!(memory, expected);
        assert_eq!(parse(b"SwapTotal: 5 kB\nSwapFree: 4294967292 kB\n").swap_free_bytes, None);
        assert_eq!(parse(b"SwapFree: 4 kB\n").swap_free_bytes, Some(4096));
    }
}
