//! Ranges of addresses, by containment: whether no request could come from one.

use std::net::IpAddr;

/// A range of addresses, as `203.0.113.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    address: IpAddr,
    prefix: u8,
}

/// Ranges that no public call comes from: private, shared, loopback, link-local, unique local.
///
/// Source: RFC 1918, RFC 6598, RFC 1122, RFC 3927, RFC 4193, RFC 4291.
const PRIVATE: &[&str] = &[
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

impl AddressRange {
    /// Reads CIDR notation or one address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => {
                let is_number = prefix.bytes().all(|byte| byte.is_ascii_digit());
                (address, Some(prefix.parse().ok().filter(|_| is_number)?))
            }
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        (prefix <= longest).then_some(Self { address, prefix })
    }

    /// The address as the highest bits of 128.
    fn bits(self) -> u128 {
        match self.address {
            IpAddr::V4(four) => u128::from(u32::from(four)) << 96,
            IpAddr::V6(six) => six.into(),
        }
    }

    /// The bits that the prefix leaves open.
    fn open_bits(self) -> u128 {
        u128::MAX.checked_shr(u32::from(self.prefix)).unwrap_or_default()
    }

    /// Whether every address of the other range is in this one.
    pub fn covers(self, other: Self) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
            && self.prefix <= other.prefix
            && (self.bits() ^ other.bits()) & !self.open_bits() == 0
    }

    /// Whether it holds every address of its kind.
    pub fn is_everything(self) -> bool {
        self.prefix == 0
    }

    /// Whether no call from the internet comes from it.
    pub fn is_private(self) -> bool {
        PRIVATE.iter().filter_map(|text| Self::parse(text)).any(|range| range.covers(self))
    }

    /// The same range with zeros after the prefix, when it has others there.
    pub fn without_host_bits(self) -> Option<String> {
        let bits = self.bits() & !self.open_bits();
        if bits == self.bits() {
            return None;
        }
        let address = match self.address {
            IpAddr::V4(_) => IpAddr::V4(u32::try_from(bits >> 96).ok()?.into()),
            IpAddr::V6(_) => IpAddr::V6(bits.into()),
        };
        Some(format!("{address}/{}", self.prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_and_are_mended() {
        let range = |text| AddressRange::parse(text).unwrap();
        assert!(range("10.1.2.3").is_private() && range("fd00::/8").is_private());
        assert!(!range("10.0.0.0/7").is_private() && !range("203.0.113.7/32").is_private());
        assert_eq!(range("203.0.113.7/24").without_host_bits().unwrap(), "203.0.113.0/24");
        assert_eq!(range("2001:db8::1/32").without_host_bits().unwrap(), "2001:db8::/32");
        assert_eq!(range("1.2.3.4").without_host_bits(), None);
        assert!(range("0.0.0.0/0").is_everything() && range("0.0.0.0/0").covers(range("1.1.1.1")));
        for wrong in ["1.2.3.4/33", "1.2.3", "1.2.3.4/", "1.2.3.4/+8", ""] {
            assert_eq!(AddressRange::parse(wrong), None, "{wrong}");
        }
    }
}
