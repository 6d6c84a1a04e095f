//! What a control group path says about the process in it: its unit, session, owner, container, application.
//!
//! The sources are systemd's CGROUP_DELEGATION.md and DESKTOP_ENVIRONMENTS.md and the paths that the container
//! engines document; a path that follows none of them is described by nothing.

use serde::{Deserialize, Serialize};

use super::unit::{between, components, is_unit, unescape};
use crate::kernel::text;

/// What a control group path says, each only where it says so.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CgroupFacts {
    /// The innermost systemd unit of this machine, as systemd spells it (`systemctl status` takes it); inside
    /// a container that is the container's. [`unescape`] makes it readable.
    pub unit: Option<Box<[u8]>>,
    /// Whether that unit belongs to a user's service manager (`systemctl --user`).
    pub is_user_unit: bool,
    /// Login session (`session-2.scope`): "2".
    pub session: Option<Box<[u8]>>,
    /// Whose slice it is (`user-1000.slice`).
    pub slice_uid: Option<u32>,
    /// The container or virtual machine.
    pub container: Option<Container>,
    /// The desktop application.
    pub application: Option<Application>,
}

/// A container or virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// Who runs it.
    pub kind: ContainerKind,
    /// The engine's id or the machine's name; empty for what belongs to a pod but to no container.
    pub id: Box<[u8]>,
    /// Kubernetes pod uid.
    pub pod: Option<Box<[u8]>>,
}

/// Who runs a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerKind {
    /// Docker, also as Kubernetes' engine of old.
    Docker,
    /// Podman and others on libpod.
    Podman,
    /// Kubernetes, whichever engine serves it.
    Kubernetes,
    /// LXC, LXD, Incus.
    Lxc,
    /// systemd-nspawn and others registered with systemd-machined.
    Nspawn,
    /// A QEMU machine of libvirt.
    Qemu,
}

/// A desktop application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// How it is packaged, as far as the path tells.
    pub kind: ApplicationKind,
    /// The name of its desktop file without ".desktop"; for a snap `NAME_COMMAND`, which is that too.
    pub id: Box<[u8]>,
}

/// How an application is packaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplicationKind {
    /// Flatpak.
    Flatpak,
    /// Snap.
    Snap,
    /// Started by the desktop, packaged anyhow.
    Desktop,
}

/// Describes a path of `/proc/[pid]/cgroup`.
#[must_use]
pub fn describe(path: &[u8]) -> CgroupFacts {
    let path = path.strip_suffix(b" (deleted)").unwrap_or(path);
    let mut facts = CgroupFacts::default();
    let mut pod = None;
    let mut parent: &[u8] = b"";
    let mut under_user_manager = false;
    for component in components(path) {
        if let Some(uid) = between(component, b"user-", b".slice").and_then(text::number) {
            facts.slice_uid = Some(uid);
        }
        if let Some(session) = between(component, b"session-", b".scope") {
            facts.session = Some(session.into());
        }
        if is_unit(component) {
            facts.unit = Some(component.into());
            facts.is_user_unit = under_user_manager;
            facts.application = application(component).or(facts.application);
        }
        under_user_manager |= component.starts_with(b"user@") && component.ends_with(b".service");
        pod = pod_uid(component, parent).or(pod);
        if let Some(container) = container(component, parent, pod.is_some()) {
            facts.container = Some(container);
            // What follows are the container's own groups, not units of this machine.
            break;
        }
        parent = component;
    }
    match (pod, &mut facts.container) {
        (Some(pod), Some(container)) => container.pod = Some(pod),
        (Some(pod), none) => {
            *none = Some(Container { kind: ContainerKind::Kubernetes, id: Box::default(), pod: Some(pod) });
        }
        (None, _) => {}
    }
    facts
}

/// `pod<uid>` below kubepods, or `kubepods-burstable-pod<uid>.slice` with `_` for `-`.
fn pod_uid(component: &[u8], parent: &[u8]) -> Option<Box<[u8]>> {
    if let Some(slice) = component.strip_suffix(b".slice").filter(|slice| slice.starts_with(b"kubepods")) {
        let (_, uid) = slice.rsplit_once_bytes(b"-pod")?;
        return Some(uid.iter().map(|byte| if *byte == b'_' { b'-' } else { *byte }).collect());
    }
    let below_kubepods = matches!(parent, b"kubepods" | b"burstable" | b"besteffort" | b"guaranteed");
    component.strip_prefix(b"pod").filter(|uid| below_kubepods && !uid.is_empty()).map(Into::into)
}

fn container(component: &[u8], parent: &[u8], in_pod: bool) -> Option<Container> {
    use ContainerKind::{Docker, Kubernetes, Lxc, Nspawn, Podman, Qemu};
    let found = |kind, id: &[u8]| Some(Container { kind, id: id.into(), pod: None });
    let scope = component.strip_suffix(b".scope");
    let engine_id = |prefix: &[u8]| scope?.strip_prefix(prefix).filter(|id| is_id(id));

    if in_pod {
        let id = [&b"cri-containerd-"[..], b"crio-", b"docker-", b"libpod-"].into_iter().find_map(engine_id);
        return found(Kubernetes, id.or_else(|| is_id(component).then_some(component))?);
    }
    if let Some(id) = engine_id(b"docker-") {
        return found(Docker, id);
    }
    // "libpod-conmon-<id>.scope" is the monitor outside the container.
    if let Some(id) = engine_id(b"libpod-") {
        return found(Podman, id);
    }
    match parent {
        b"docker" if is_id(component) => return found(Docker, component),
        b"libpod_parent" => {
            let id = component.strip_prefix(b"libpod-").filter(|id| is_id(id))?;
            return found(Podman, id);
        }
        b"lxc" | b"lxc.payload" => return found(Lxc, component),
        _ => {}
    }
    // "lxc.monitor.NAME" is the monitor outside the container.
    if let Some(name) = between(component, b"lxc.payload.", b"") {
        return found(Lxc, name);
    }
    if let Some(name) = between(component, b"systemd-nspawn@", b".service") {
        return found(Nspawn, &unescape(name));
    }
    let name = unescape(scope.filter(|_| parent == b"machine.slice")?.strip_prefix(b"machine-")?);
    // libvirt registers "qemu-<number>-<name>".
    match name.strip_prefix(b"qemu-").and_then(|rest| text::split_at_byte(rest, b'-')) {
        Some((number, name)) if number.iter().all(u8::is_ascii_digit) => found(Qemu, name),
        _ => found(Nspawn, &name),
    }
}

/// Container ids are 64 hexadecimal digits, shortened by nobody below 12.
fn is_id(text: &[u8]) -> bool {
    text.len() >= 12 && text.iter().all(u8::is_ascii_hexdigit)
}

/// `app[-LAUNCHER]-ID-RANDOM.scope`, `app[-LAUNCHER]-ID[@RANDOM].service`, `snap.NAME.COMMAND-UUID.scope`;
/// hyphens of an id are escaped, so that the last plain one ends what stands before.
fn application(unit: &[u8]) -> Option<Application> {
    if let Some(snap) = unit.strip_prefix(b"snap.") {
        return snap_application(snap);
    }
    let (launcher_and_id, flatpak_of_old) = match unit.strip_suffix(b".scope") {
        Some(stem) => (text::split_at_last_byte(stem, b'-')?.0, stem.strip_prefix(b"flatpak-").is_some()),
        None => {
            let stem = unit.strip_suffix(b".service")?;
            (text::split_at_byte(stem, b'@').map_or(stem, |(stem, _)| stem), false)
        }
    };
    let named = if flatpak_of_old { launcher_and_id } else { launcher_and_id.strip_prefix(b"app-")? };
    let (launcher, id) = text::split_at_last_byte(named, b'-').unwrap_or((b"", named));
    let kind = if launcher == b"flatpak" { ApplicationKind::Flatpak } else { ApplicationKind::Desktop };
    (!id.is_empty()).then(|| Application { kind, id: unescape(id).into() })
}

/// `NAME.COMMAND-UUID.scope`, formerly `NAME.COMMAND.UUID.scope`, or `NAME.COMMAND.service`.
fn snap_application(snap: &[u8]) -> Option<Application> {
    const UUID: usize = 36;
    let (name, command) = text::split_at_byte(snap, b'.')?;
    let command = match command.strip_suffix(b".scope") {
        Some(stem) => {
            let (command, separator) = stem.split_at_checked(stem.len().checked_sub(UUID + 1)?)?;
            matches!(separator.first(), Some(b'-' | b'.')).then_some(command)?
        }
        None => command.strip_suffix(b".service")?,
    };
    let id = [&*unescape(name), b"_", &*unescape(command)].concat();
    Some(Application { kind: ApplicationKind::Snap, id: id.into() })
}

/// What `str` has and `[u8]` lacks.
trait SplitOnce {
    fn rsplit_once_bytes(&self, separator: &[u8]) -> Option<(&[u8], &[u8])>;
}

impl SplitOnce for [u8] {
    fn rsplit_once_bytes(&self, separator: &[u8]) -> Option<(&[u8], &[u8])> {
        let at = memchr::memmem::rfind(self, separator)?;
        Some((self.get(..at)?, self.get(at + separator.len()..)?))
    }
}

#[cfg(test)]
mod tests;
