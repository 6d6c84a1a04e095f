//! `/proc/vmstat`: counters of paging and reclaim.

use serde::{Deserialize, Serialize};

use super::text;

/// The part of `/proc/vmstat` that shows memory pressure, since boot, proc_vmstat(5).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VmStat {
    /// Read from disk, in KiB (`pgpgin`).
    pub page_in_kib: Option<u64>,
    /// Written to disk, in KiB (`pgpgout`).
    pub page_out_kib: Option<u64>,
    /// Pages brought back from swap (`pswpin`).
    pub swap_in_pages: Option<u64>,
    /// Pages sent to swap (`pswpout`).
    pub swap_out_pages: Option<u64>,
    /// Page faults (`pgfault`).
    pub faults: Option<u64>,
    /// Page faults that waited for the disk (`pgmajfault`).
    pub major_faults: Option<u64>,
    /// Processes killed for lack of memory, since Linux 4.13 (`oom_kill`).
    pub oom_kills: Option<u64>,
    /// Pages looked at by background reclaim (`pgscan_kswapd`).
    pub scanned_background: Option<u64>,
    /// Pages looked at by a process that had to reclaim memory itself (`pgscan_direct`).
    pub scanned_direct: Option<u64>,
    /// Pages freed by background reclaim (`pgsteal_kswapd`).
    pub reclaimed_background: Option<u64>,
    /// Pages freed by a process that had to reclaim memory itself (`pgsteal_direct`).
    pub reclaimed_direct: Option<u64>,
    /// Anonymous pages that came back soon after reclaim, since Linux 5.9 (`workingset_refault_anon`).
    pub refaults_anonymous: Option<u64>,
    /// File pages that came back soon after reclaim, since Linux 5.9 (`workingset_refault_file`).
    pub refaults_file: Option<u64>,
    /// Times a process had to make room for a huge page itself (`compact_stall`).
    pub compaction_stalls: Option<u64>,
    /// Faults served with a huge page (`thp_fault_alloc`).
    pub huge_page_faults: Option<u64>,
    /// Times a process had to wait for memory (`allocstall`, since Linux 4.10 the sum of one per zone).
    pub allocation_stalls: Option<u64>,
}

/// Reads `/proc/vmstat`.
#[must_use]
pub fn parse(bytes: &[u8]) -> VmStat {
    let mut vm = VmStat::default();
    for line in text::lines(bytes) {
        let mut fields = text::fields(line);
        let Some(key) = fields.next() else { continue };
        let value = fields.number();
        match key {
            b"pgpgin" => vm.page_in_kib = value,
            b"pgpgout" => vm.page_out_kib = value,
            b"pswpin" => vm.swap_in_pages = value,
            b"pswpout" => vm.swap_out_pages = value,
            b"pgfault" => vm.faults = value,
            b"pgmajfault" => vm.major_faults = value,
            b"oom_kill" => vm.oom_kills = value,
            b"pgscan_kswapd" => vm.scanned_background = value,
            b"pgscan_direct" => vm.scanned_direct = value,
            b"pgsteal_kswapd" => vm.reclaimed_background = value,
            b"pgsteal_direct" => vm.reclaimed_direct = value,
            b"workingset_refault_anon" => vm.refaults_anonymous = value,
            b"workingset_refault_file" => vm.refaults_file = value,
            b"compact_stall" => vm.compaction_stalls = value,
            b"thp_fault_alloc" => vm.huge_page_faults = value,
            _ if key.starts_with(b"allocstall") => {
                let sum = vm.allocation_stalls.unwrap_or(0);
                vm.allocation_stalls =
                    value.and_then(|stalls: u64| sum.checked_add(stalls)).or(vm.allocation_stalls);
            }
            _ => {}
        }
    }
    vm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_by_name() {
        let vm = parse(b"nr_free_pages 1\npgpgin 2\npswpin 3\npgsteal_direct 4\noom_kill 5\r\npgfault -1\n");
        let expected = VmStat {
            page_in_kib: Some(2),
            swap_in_pages: Some(3),
            reclaimed_direct: Some(4),
            oom_kills: Some(5),
            ..VmStat::default()
        };
        assert_eq!(vm, expected);
        assert_eq!(parse(b""), VmStat::default());
    }

    #[test]
    fn allocation_stalls_are_the_sum_of_all_zones() {
        assert_eq!(parse(b"allocstall 7\n").allocation_stalls, Some(7));
        let zones = b"allocstall_dma 1\nallocstall_normal 2\nallocstall_movable 4\nallocstall_device x\n";
        assert_eq!(parse(zones).allocation_stalls, Some(7));
        assert_eq!(parse(b"allocstall_dma x\n").allocation_stalls, None);
    }
}
