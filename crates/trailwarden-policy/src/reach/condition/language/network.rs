//! Blocks of addresses.

use std::net::{IpAddr, Ipv6Addr};

/// A block of addresses. IPv4 is kept in its mapped form, so both families compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reach::condition) struct Network {
    address: u128,
    bits: u8,
    /// A block of IPv6 that holds mapped addresses does not hold the plain ones.
    is_v4: bool,
}

impl Network {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => {
                let is_number = bits.bytes().all(|byte| byte.is_ascii_digit());
                (address, Some(bits.parse::<u8>().ok().filter(|_| is_number)?))
            }
            None => (text, None),
        };
        let (address, shift): (Ipv6Addr, u8) = match address.parse::<IpAddr>().ok()? {
            IpAddr::V4(v4) => (v4.to_ipv6_mapped(), 96),
            IpAddr::V6(v6) => (v6, 0),
        };
        let bits = bits.unwrap_or(128 - shift).checked_add(shift).filter(|bits| *bits <= 128)?;
        let is_v4 = bits >= 96 && address.to_ipv4_mapped().is_some();
        let address = u128::from(address) & Self::mask(bits);
        Some(Self { address, bits, is_v4 })
    }

    fn mask(bits: u8) -> u128 {
        u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0)
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.is_v4 == other.is_v4 && self.meets_within(other)
    }

    /// Whether this one's addresses, in whatever form, lie in the other.
    pub(super) fn meets_within(&self, other: &Self) -> bool {
        self.bits >= other.bits && self.address & Self::mask(other.bits) == other.address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_compare_over_both_families() {
        let network = |text| Network::parse(text).unwrap();
        assert!(network("10.1.2.3").is_within(&network("10.0.0.0/8")));
        assert!(network("::ffff:10.1.2.3").is_within(&network("10.0.0.0/8")));
        assert!(!network("10.0.0.0/8").is_within(&network("::/0")));
        assert!(network("10.0.0.0/8").meets_within(&network("::/0")));
        assert!(!network("10.0.0.0/8").is_within(&network("10.0.0.0/9")));
        assert_eq!(network("10.9.9.9/8"), network("10.0.0.0/8"));
        for text in ["", "10.0.0.0/33", "10.0.0.0/+8", "10.0.0/8", "2001:db8::/129", "x"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
