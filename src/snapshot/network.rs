//! Traffic of interfaces, and of the machine without counting a byte twice.

use super::counters::{Earlier, growth, per_second};
use crate::kernel::net_dev::{NetDev, Traffic};
use crate::sample::{Link, LinkKind};

/// Traffic of one interface, or of several together, per second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct InterfaceRates {
    /// Bytes received.
    pub received: Option<f64>,
    /// Bytes sent.
    pub sent: Option<f64>,
    /// Packets received.
    pub received_packets: Option<f64>,
    /// Packets sent.
    pub sent_packets: Option<f64>,
    /// Packets lost to errors, both ways.
    pub errors: Option<f64>,
    /// Packets dropped for want of room, both ways.
    pub dropped: Option<f64>,
}

/// Rates of `now`'s interfaces, in their order.
pub(super) fn rates(before: Option<&[NetDev]>, now: &[NetDev], seconds: f64) -> Vec<InterfaceRates> {
    let mut earlier = Earlier::among(before);
    let mut rates_of = |interface: &NetDev| {
        let before = earlier.find(|other| other.name == interface.name)?;
        let rate = |before, now| growth(before, now, 1).and_then(|growth| per_second(growth, seconds));
        let both = |field: fn(&Traffic) -> Option<u64>| {
            let received = rate(field(&before.received), field(&interface.received))?;
            Some(received + rate(field(&before.sent), field(&interface.sent))?)
        };
        Some(InterfaceRates {
            received: rate(before.received.bytes, interface.received.bytes),
            sent: rate(before.sent.bytes, interface.sent.bytes),
            received_packets: rate(before.received.packets, interface.received.packets),
            sent_packets: rate(before.sent.packets, interface.sent.packets),
            errors: both(|traffic| traffic.errors),
            dropped: both(|traffic| traffic.dropped),
        })
    };
    now.iter().map(|interface| rates_of(interface).unwrap_or_default()).collect()
}

/// Which interfaces make the machine's traffic, so that no byte is counted twice: what passes a bridge, a
/// bond, a VLAN or a tunnel passes a card as well. Where there is no card (a container), those count that
/// nothing lies below and that belong to no other. Without `links`, all but the loopback.
#[must_use]
pub fn counted(interfaces: &[NetDev], links: Option<&[Link]>) -> Vec<bool> {
    let mut links = Earlier::among(links);
    let links: Vec<_> =
        interfaces.iter().map(|interface| links.find(|link| link.name == interface.name)).collect();
    let physical = |link: &&Link| link.kind == Some(LinkKind::Physical);
    let any_physical = links.iter().flatten().any(physical);
    let counts = |(interface, link): (&NetDev, &Option<&Link>)| match link {
        Some(Link { kind: Some(LinkKind::Loopback), .. }) => false,
        _ if any_physical => link.as_ref().is_some_and(physical),
        Some(link) if link.kind.is_some() => {
            link.master.is_none() && link.lower.is_empty() && link.kind != Some(LinkKind::Bridge)
        }
        _ => &*interface.name != b"lo",
    };
    interfaces.iter().zip(&links).map(counts).collect()
}
