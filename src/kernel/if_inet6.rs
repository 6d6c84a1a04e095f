//! `/proc/net/if_inet6`: IPv6 addresses of interfaces.

use std::net::Ipv6Addr;

use super::text;

/// One address of one interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inet6<'a> {
    /// The interface's name.
    pub interface: &'a [u8],
    /// The address.
    pub address: Ipv6Addr,
    /// Leading bits that name the network.
    pub prefix_bits: u8,
}

/// Reads `/proc/net/if_inet6`: address, index, prefix, scope and flags in hexadecimal, then the name.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = Inet6<'_>> {
    text::lines(bytes).filter_map(|line| {
        let mut fields = text::fields(line);
        let address = fields.next().filter(|address| address.len() == 32)?;
        let (high, low) = address.split_at_checked(16)?;
        let bits = u128::from(text::hexadecimal(high)?) << 64 | u128::from(text::hexadecimal(low)?);
        let prefix = fields.nth(1).and_then(text::hexadecimal)?;
        let prefix_bits = u8::try_from(prefix).ok().filter(|&bits| bits <= 128)?;
        let interface = fields.nth(2)?;
        Some(Inet6 { interface, address: Ipv6Addr::from_bits(bits), prefix_bits })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_and_leaves_out_what_is_none() {
        let all: Vec<_> = parse(
            b"fe8000000000000000fc00fffe000001 04 40 20 80     eth0\n\
              00000000000000000000000000000001 01 80 10 80       lo\n\
              0000000000000000000000000000001 01 80 10 80       short\n\
              00000000000000000000000000000001 01 81 10 80       wide\n\
              0000000000000000000000000000000x 01 80 10 80       odd\n\
              00000000000000000000000000000001 01 80 10\n",
        )
        .collect();
        let eth0 =
            Inet6 { interface: b"eth0", address: "fe80::fc:ff:fe00:1".parse().unwrap(), prefix_bits: 64 };
        let lo = Inet6 { interface: b"lo", address: Ipv6Addr::LOCALHOST, prefix_bits: 128 };
        assert_eq!(all, [eth0, lo]);
    }
}
