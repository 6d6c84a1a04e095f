//! Control groups, told once for all processes in them.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::pid_cgroup::{CgroupFacts, describe};

/// A control group and what its path says of the processes in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Box<[u8]>", into = "Box<[u8]>")]
pub struct ControlGroup {
    /// Path in the hierarchy, cgroups(7).
    pub path: Box<[u8]>,
    /// Unit, session, container, application.
    pub facts: CgroupFacts,
}

impl From<Box<[u8]>> for ControlGroup {
    fn from(path: Box<[u8]>) -> Self {
        Self { facts: describe(&path), path }
    }
}

impl From<ControlGroup> for Box<[u8]> {
    fn from(group: ControlGroup) -> Self {
        group.path
    }
}

/// The groups that processes are in: hundreds of processes share one.
#[derive(Default)]
pub struct ControlGroups {
    known: HashMap<Box<[u8]>, Arc<ControlGroup>>,
}

impl ControlGroups {
    /// The group with this path.
    pub fn get(&mut self, path: &[u8]) -> Arc<ControlGroup> {
        if let Some(group) = self.known.get(path) {
            return Arc::clone(group);
        }
        let group = Arc::new(ControlGroup::from(Box::from(path)));
        self.known.insert(path.into(), Arc::clone(&group));
        group
    }

    /// Forgets the groups that no process and no sample holds.
    pub fn forget_empty(&mut self) {
        self.known.retain(|_, group| Arc::strong_count(group) > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_described_once_while_somebody_is_in_it() {
        let mut groups = ControlGroups::default();
        let ssh = groups.get(b"/system.slice/ssh.service");
        assert_eq!(ssh.facts.unit.as_deref(), Some(&b"ssh.service"[..]));
        assert!(Arc::ptr_eq(&ssh, &groups.get(b"/system.slice/ssh.service")));
        drop(groups.get(b"/gone"));
        groups.forget_empty();
        assert_eq!(groups.known.len(), 1);
    }

    #[test]
    fn only_the_path_travels() {
        let group = ControlGroup::from(Box::from(&b"/user.slice/user-1000.slice/session-2.scope"[..]));
        let json = serde_json::to_string(&group).unwrap();
        assert!(json.starts_with("[47,117,"), "{json}");
        assert_eq!(serde_json::from_str::<ControlGroup>(&json).unwrap(), group);
    }
}
