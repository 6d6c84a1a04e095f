//! Network interfaces beside their traffic: kind, state, speed, addresses, and what they are part of.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::files::{Files, is_due};
use crate::kernel::{if_inet6, sysfs};

/// What `/sys/class/net/*` says of an interface. Everything is `None` where the file is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its name, as in `/proc/net/dev`.
    pub name: Box<[u8]>,
    /// What it is; `None` when nothing is known of it.
    pub kind: Option<LinkKind>,
    /// Talks over the air.
    pub wireless: Option<bool>,
    /// The kernel's number of it; another one says that it was made anew.
    pub index: Option<u32>,
    /// Whether it can carry traffic.
    pub state: Option<LinkState>,
    /// Whether the cable is in, or the like; unknown while the interface is down.
    pub carrier: Option<bool>,
    /// Speed of the link, bits per second; unknown without carrier, and for what has no speed.
    pub bits_per_second: Option<u64>,
    /// Sends and receives at once; unknown without carrier.
    pub full_duplex: Option<bool>,
    /// Largest packet.
    pub mtu_bytes: Option<u32>,
    /// Hardware address as text.
    pub hardware_address: Option<Box<[u8]>>,
    /// The bridge or bond that it is a member of.
    pub master: Option<Box<[u8]>>,
    /// Interfaces that its traffic passes as well: the members of a bond, the card below a VLAN.
    pub lower: Vec<Box<[u8]>>,
    /// IPv4 addresses; unknown for a machine that does not run here.
    pub ipv4: Option<Vec<(Ipv4Addr, u8)>>,
    /// IPv6 addresses with the bits of their networks.
    pub ipv6: Option<Vec<(Ipv6Addr, u8)>>,
}

/// What an interface is, so that no byte is counted twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Traffic of the machine with itself.
    Loopback,
    /// A card, a modem, a radio, or what a hypervisor gives for one.
    Physical,
    /// Joins interfaces as a switch does.
    Bridge,
    /// Joins interfaces into a faster or safer one.
    Bond,
    /// Made by software: VLAN, tunnel, container.
    Virtual,
}

/// `operstate`, RFC 2863 and `Documentation/networking/operstates.rst`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Ready; also what drivers that do not tell show for a working link.
    Unknown,
    /// Not there.
    NotPresent,
    /// Switched off, or without carrier.
    Down,
    /// What lies below is down.
    LowerLayerDown,
    /// Under test.
    Testing,
    /// Waits for something, such as a password.
    Dormant,
    /// Ready.
    Up,
}

impl LinkState {
    fn parse(text: &[u8]) -> Option<Self> {
        Some(match text {
            b"unknown" => Self::Unknown,
            b"notpresent" => Self::NotPresent,
            b"down" => Self::Down,
            b"lowerlayerdown" => Self::LowerLayerDown,
            b"testing" => Self::Testing,
            b"dormant" => Self::Dormant,
            b"up" => Self::Up,
            _ => return None,
        })
    }
}

/// `type` of the loopback interface, `ARPHRD_LOOPBACK`.
const LOOPBACK: u32 = 772;

/// Interfaces whose state is looked at in one tick. A machine with more (thousands of containers) gets
/// round in several.
const LOOKS_PER_TICK: usize = 64;

/// Ticks between two questions for addresses while no interface changes.
const ADDRESS_TICKS: u32 = 10;

/// Remembers interfaces, and what changed is read again.
#[derive(Default)]
pub struct LinkReader {
    links: Arc<Vec<Link>>,
    /// The next one to be looked at.
    next: usize,
    asked_addresses: Option<u32>,
}

impl LinkReader {
    /// The interfaces of these names, in their order.
    pub fn read<'n>(
        &mut self,
        files: &mut Files<'_>,
        names: impl Iterator<Item = &'n [u8]> + Clone,
        tick: u32,
    ) -> Arc<Vec<Link>> {
        let same = self.links.iter().map(|link| &*link.name).eq(names.clone());
        let mut changed = !same;
        if !same {
            self.learn(files, names);
        }
        let count = self.links.len();
        for _ in 0..count.min(LOOKS_PER_TICK) {
            let index = self.next % count;
            self.next = index + 1;
            changed |= self.look(files, index, false);
        }
        for index in (0..count).filter(|&index| is_due(index, tick)) {
            changed |= self.look(files, index, true);
        }
        let due = self.asked_addresses.is_none_or(|asked| tick.wrapping_sub(asked) >= ADDRESS_TICKS);
        if changed || due {
            self.asked_addresses = Some(tick);
            self.ask_addresses(files);
        }
        Arc::clone(&self.links)
    }

    /// Keeps what is known of those that stayed, and reads the new ones.
    fn learn<'n>(&mut self, files: &mut Files<'_>, names: impl Iterator<Item = &'n [u8]>) {
        // Interfaces keep their order while others come and go: mostly the next one is the same.
        let mut old = self.links.iter().peekable();
        let links = names.map(|name| {
            if let Some(link) = old.next_if(|link| &*link.name == name) {
                return link.clone();
            }
            match self.links.iter().position(|link| &*link.name == name) {
                Some(at) => {
                    old = self.links[at + 1..].iter().peekable();
                    self.links[at].clone()
                }
                None => read(files, name),
            }
        });
        let links = links.collect();
        self.links = Arc::new(links);
    }

    /// Looks whether an interface's state is another one; if so, or if it is its turn, reads it all again.
    fn look(&mut self, files: &mut Files<'_>, index: usize, thorough: bool) -> bool {
        let known = &self.links[index];
        if !thorough && state(files, &known.name) == (known.state, known.carrier) {
            return false;
        }
        let (ipv4, ipv6) = (known.ipv4.clone(), known.ipv6.clone());
        let now = Link { ipv4, ipv6, ..read(files, &known.name) };
        let changed = now != *known;
        if changed {
            Arc::make_mut(&mut self.links)[index] = now;
        }
        changed
    }

    fn ask_addresses(&mut self, files: &mut Files<'_>) {
        let mut found = Addresses::ask(files);
        let same = |link: &Link| {
            let addresses = found.of(&link.name);
            (&link.ipv4, &link.ipv6) == (&addresses.0, &addresses.1)
        };
        if self.links.iter().all(same) {
            return;
        }
        for link in Arc::make_mut(&mut self.links) {
            (link.ipv4, link.ipv6) = found.take(&link.name);
        }
    }
}

fn state(files: &mut Files<'_>, name: &[u8]) -> (Option<LinkState>, Option<bool>) {
    let state = files.text(&[b"sys/class/net/", name, b"/operstate"]);
    // EINVAL while the interface is down.
    let carrier = files.flag(&[b"sys/class/net/", name, b"/carrier"]);
    (state.and_then(|state| LinkState::parse(&state)), carrier)
}

fn read(files: &mut Files<'_>, name: &[u8]) -> Link {
    let at = |file: &'static [u8]| [&b"sys/class/net/"[..], name, file];
    let entries = files.list(&[b"sys/class/net/", name]).unwrap_or_default();
    let has = |entry: &[u8]| entries.iter().any(|name| name == entry);
    let number: Option<u32> = files.unsigned(&at(b"/type"));
    let wireless = has(b"wireless") || has(b"phy80211");
    let kind = match number {
        Some(LOOPBACK) => Some(LinkKind::Loopback),
        _ if has(b"bridge") => Some(LinkKind::Bridge),
        _ if has(b"bonding") => Some(LinkKind::Bond),
        _ if has(b"device") || wireless => Some(LinkKind::Physical),
        Some(_) if !entries.is_empty() => Some(LinkKind::Virtual),
        _ => None,
    };
    let (state, carrier) = state(files, name);
    // The driver is asked for these two, and a sleeping card would be woken to answer.
    let ask = carrier == Some(true)
        && kind != Some(LinkKind::Loopback)
        && has(b"speed")
        && files.is_awake(&at(b"/device"));
    let (mut bits_per_second, mut full_duplex) = (None, None);
    if ask {
        // Megabits; −1, or what old kernels made of it in 32 bits, for "unknown". EINVAL where there is none.
        let megabits: Option<u64> = files.unsigned::<u32>(&at(b"/speed")).map(u64::from);
        let known = megabits.filter(|&megabits| megabits > 0 && megabits < u64::from(u32::MAX));
        bits_per_second = known.and_then(|megabits| megabits.checked_mul(1_000_000));
        full_duplex = files.read(&at(b"/duplex")).and_then(|duplex| match duplex.trim_ascii() {
            b"full" => Some(true),
            b"half" => Some(false),
            _ => None,
        });
    }
    let lower = entries.iter().filter_map(|entry| entry.strip_prefix(b"lower_"));
    Link {
        name: name.into(),
        kind,
        wireless: (!entries.is_empty()).then_some(wireless),
        index: files.unsigned(&at(b"/ifindex")),
        state,
        carrier,
        bits_per_second,
        full_duplex,
        mtu_bytes: files.unsigned(&at(b"/mtu")),
        hardware_address: files.read(&at(b"/address")).and_then(sysfs::trimmed).map(Into::into),
        master: has(b"master").then(|| files.link_name(&at(b"/master"))).flatten(),
        lower: lower.map(Into::into).collect(),
        ipv4: None,
        ipv6: None,
    }
}

type Ipv4 = Vec<(Ipv4Addr, u8)>;
type Ipv6 = Vec<(Ipv6Addr, u8)>;

/// Addresses of all interfaces, by name.
struct Addresses {
    of: HashMap<Vec<u8>, (Ipv4, Ipv6)>,
    /// Whether the absence of an address means that there is none.
    v4_known: bool,
    v6_known: bool,
}

impl Addresses {
    fn ask(files: &mut Files<'_>) -> Self {
        let mut all = Self { of: HashMap::new(), v4_known: false, v6_known: false };
        if let Ok(found) = files.source().addresses() {
            (all.v4_known, all.v6_known) = (true, true);
            for found in found {
                let (v4, v6) = all.of.entry(found.interface).or_default();
                match found.address {
                    IpAddr::V4(address) => v4.push((address, found.prefix_bits)),
                    IpAddr::V6(address) => v6.push((address, found.prefix_bits)),
                }
            }
        } else if let Some(bytes) = files.read(&[b"proc/net/if_inet6"]) {
            // A machine that does not run here: its files name the interface of IPv6 addresses only.
            all.v6_known = true;
            for found in if_inet6::parse(bytes) {
                let (_, v6) = all.of.entry(found.interface.to_vec()).or_default();
                v6.push((found.address, found.prefix_bits));
            }
        }
        for (v4, v6) in all.of.values_mut() {
            v4.sort_unstable();
            v6.sort_unstable();
        }
        all
    }

    fn of(&self, name: &[u8]) -> (Option<Ipv4>, Option<Ipv6>) {
        let (v4, v6) = self.of.get(name).cloned().unwrap_or_default();
        (self.v4_known.then_some(v4), self.v6_known.then_some(v6))
    }

    fn take(&mut self, name: &[u8]) -> (Option<Ipv4>, Option<Ipv6>) {
        let (v4, v6) = self.of.remove(name).unwrap_or_default();
        (self.v4_known.then_some(v4), self.v6_known.then_some(v6))
    }
}
