//! Numbers of the kernel that have names.

use std::borrow::Cow;

use super::{Value, text};
use crate::actions::Nice;
use crate::kernel::pid_cgroup::{Container, ContainerKind};
use crate::names::display_name;

/// Name of a controlling terminal below `/dev`; `None` for no terminal.
///
/// The device number is encoded as in `include/linux/kdev_t.h`; numbers and names are those of
/// `Documentation/admin-guide/devices.txt`. A terminal of another driver is shown by its numbers.
pub(super) fn terminal(tty: i32) -> Option<Cow<'static, str>> {
    let device = tty.cast_unsigned();
    let (major, minor) = (device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xf_ff00);
    Some(match (major, minor) {
        (0, 0) => return None,
        (4, 0..=63) => format!("tty{minor}").into(),
        (4, _) => format!("ttyS{}", minor - 64).into(),
        (5, 1) => "console".into(),
        // Kernels of old have 256 for each of the eight numbers; now the first one has all.
        (136..=143, _) => format!("pts/{}", (major - 136) * 256 + minor).into(),
        (166, _) => format!("ttyACM{minor}").into(),
        (188, _) => format!("ttyUSB{minor}").into(),
        (204, 64..=127) => format!("ttyAMA{}", minor - 64).into(),
        (229, _) => format!("hvc{minor}").into(),
        _ => format!("{major}:{minor}").into(),
    })
}

/// A nice value from "Very High" to "Very Low".
pub(super) fn priority(nice: i32) -> Option<&'static str> {
    Some(Nice::new(nice.try_into().ok()?)?.in_words())
}

/// Name of a scheduling policy, sched(7); `None` for one of a newer kernel.
pub(super) fn policy(policy: u32) -> Option<&'static str> {
    Some(match policy {
        0 => "Normal",
        1 => "FIFO",
        2 => "RR",
        3 => "Batch",
        5 => "Idle",
        6 => "Deadline",
        7 => "Extensible",
        _ => return None,
    })
}

/// Class and level of an I/O priority, ioprio_set(2).
pub(super) fn io_priority(value: u16) -> Value<'static> {
    // Bits 3 to 12 are hints to the device since Linux 6.6.
    let (class, level) = (value >> 13, value & 7);
    match class {
        // Nobody has set it: best effort at a level that follows the nice value.
        0 => text("Follows Nice"),
        1 => Value::Text(format!("Real-Time {level}").into()),
        2 => Value::Text(format!("Best Effort {level}").into()),
        3 => text("Idle"),
        _ => Value::Unknown,
    }
}

/// A container by its engine and name, or the beginning of its id as the engines show it.
pub(super) fn container(container: &Container) -> Value<'static> {
    const SHORT: usize = 12;
    let engine = match container.kind {
        ContainerKind::Docker => "Docker",
        ContainerKind::Podman => "Podman",
        ContainerKind::Kubernetes => "Kubernetes",
        ContainerKind::Lxc => "LXC",
        ContainerKind::Nspawn => "nspawn",
        ContainerKind::Qemu => "QEMU",
    };
    let is_hash = container.id.len() == 64 && container.id.iter().all(u8::is_ascii_hexdigit);
    let id = if is_hash { container.id.get(..SHORT) } else { Some(&*container.id) };
    let mut words = engine.to_owned();
    if let Some(id) = id.filter(|id| !id.is_empty()) {
        words.push(' ');
        words.push_str(&display_name(id));
    }
    if let Some(pod) = &container.pod {
        words.push_str(" pod ");
        words.push_str(&display_name(pod));
    }
    Value::Text(words.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_have_the_names_of_their_devices() {
        // What stat(1) says of st_rdev, encoded as the kernel does: minor's low byte, major, minor's rest.
        let cases = [
            (0, None),
            (4 << 8 | 2, Some("tty2")),
            (4 << 8 | 64, Some("ttyS0")),
            (4 << 8 | 63, Some("tty63")),
            (5 << 8 | 1, Some("console")),
            (34816, Some("pts/0")),
            (34816 | 3, Some("pts/3")),
            (34816 | 1 << 20 | 44, Some("pts/300")),
            (137 << 8 | 1, Some("pts/257")),
            (188 << 8, Some("ttyUSB0")),
            (204 << 8 | 64, Some("ttyAMA0")),
            (204 << 8 | 5, Some("204:5")),
        ];
        for (tty, name) in cases {
            assert_eq!(terminal(tty).as_deref(), name, "{tty:#x}");
        }
        assert!(terminal(-1).is_some(), "absurd, but no panic");
    }

    #[test]
    fn io_priorities_have_a_class_and_a_level() {
        let words = |value| match io_priority(value) {
            Value::Text(words) => words.into_owned(),
            other => format!("{other:?}"),
        };
        let cases = [0, 1 << 13, 2 << 13 | 4, 2 << 13 | 8 | 7, 3 << 13 | 7, 4 << 13];
        let names = ["Follows Nice", "Real-Time 0", "Best Effort 4", "Best Effort 7", "Idle", "Unknown"];
        assert_eq!(cases.map(words), names);
    }

    #[test]
    fn containers_are_named_as_their_engines_do() {
        let of = |kind, id: &[u8], pod: Option<&[u8]>| {
            let container = Container { kind, id: id.into(), pod: pod.map(Into::into) };
            super::container(&container)
        };
        let words = |words: &'static str| Value::Text(words.into());
        let hash = b"4b1f0c9e7d3a52861c0de9f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7";
        assert_eq!(of(ContainerKind::Podman, hash, None), words("Podman 4b1f0c9e7d3a"));
        assert_eq!(of(ContainerKind::Nspawn, b"debian-build", None), words("nspawn debian-build"));
        assert_eq!(of(ContainerKind::Kubernetes, b"", Some(b"a-b")), words("Kubernetes pod a-b"));
        assert_eq!(of(ContainerKind::Kubernetes, hash, Some(b"a")), words("Kubernetes 4b1f0c9e7d3a pod a"));
    }

    #[test]
    fn policies_and_priorities_of_a_newer_kernel_are_unknown() {
        assert_eq!(
            (policy(0), policy(4), policy(6), policy(99)),
            (Some("Normal"), None, Some("Deadline"), None)
        );
        assert_eq!((priority(0), priority(-20), priority(20)), (Some("Normal"), Some("Very High"), None));
    }
}
