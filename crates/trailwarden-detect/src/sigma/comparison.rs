//! How values are compared where not by a pattern: numbers, parts, dates, networks.

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::tz::TimeZone;
use sonic_rs::{JsonValueTrait, Value};
use trailwarden_model::Timestamp;

use super::pattern::{contains_ignore_ascii_case, fold};

/// How to compare numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Comparison {
    /// `gt`
    Greater,
    /// `gte`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `lte`
    LessOrEqual,
    /// no modifier
    Equal,
}

/// Where a text is looked for in another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// At its start.
    Start,
    /// At its end.
    End,
    /// Anywhere.
    Anywhere,
}

/// A part of a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DatePart {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// Of the month, from 1.
    Day,
    /// ISO 8601, from 1.
    Week,
    /// From 1.
    Month,
    /// Four digits.
    Year,
}

/// A network: an address and how many of its leading bits count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Network {
    /// The address, host bits cleared.
    pub(crate) address: IpAddr,
    /// Leading bits that count.
    pub(crate) bits: u32,
}

impl Comparison {
    /// Whether `found` stands to `wanted` as told.
    pub(crate) fn holds(self, found: f64, wanted: f64) -> bool {
        match self {
            Self::Greater => found > wanted,
            Self::GreaterOrEqual => found >= wanted,
            Self::Less => found < wanted,
            Self::LessOrEqual => found <= wanted,
            Self::Equal => found == wanted,
        }
    }
}

impl Part {
    /// Whether the text has the part where told.
    pub(crate) fn is_match(self, text: &str, part: &str, cased: bool) -> bool {
        if cased {
            return self.fits(text, part);
        }
        match self {
            Self::Whole if text.is_ascii() || part.is_ascii() => text.eq_ignore_ascii_case(part),
            Self::Anywhere if part.is_ascii() => contains_ignore_ascii_case(
                text.as_bytes(),
                &Cow::into_owned(fold(part)).into_bytes(),
            ),
            _ => self.fits(&fold(text), &fold(part)),
        }
    }

    fn fits(self, text: &str, part: &str) -> bool {
        match self {
            Self::Whole => text == part,
            Self::Start => text.starts_with(part),
            Self::End => text.ends_with(part),
            Self::Anywhere => text.contains(part),
        }
    }
}

impl DatePart {
    /// Of an RFC 3339 text.
    pub(crate) fn of(self, value: &Value) -> Option<i16> {
        let seconds = Timestamp::parse(value.as_str()?)?.seconds();
        let time = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC);
        Some(match self {
            Self::Minute => time.minute().into(),
            Self::Hour => time.hour().into(),
            Self::Day => time.day().into(),
            Self::Week => time.date().iso_week_date().week().into(),
            Self::Month => time.month().into(),
            Self::Year => time.year(),
        })
    }
}

impl Network {
    /// From `10.0.0.0/8`, or an address alone.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then(|| Self { address: masked(address, bits), bits })
    }

    /// Whether the address lies within.
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4() && masked(address, self.bits) == self.address
    }
}

fn masked(address: IpAddr, bits: u32) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(bits)).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(bits)).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_of_both_families() {
        for (network, address, inside) in [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.9/8", "10.1.1.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("2001:db8::/32", "2001:db8:1::5", true),
            ("2001:db8::/32", "2001:db9::5", false),
            ("::/0", "203.0.113.9", false),
        ] {
            let network = Network::parse(network).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), inside, "{network:?}");
        }
        for text in ["10.0.0.0/33", "10.0.0/8", "::/129", "", "a/8"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn date_parts_are_utc() {
        let time: Value = sonic_rs::from_str(r#""2021-01-03T23:59:00-01:00""#).unwrap();
        let parts = [
            (DatePart::Minute, 59),
            (DatePart::Hour, 0),
            (DatePart::Day, 4),
            (DatePart::Week, 1),
            (DatePart::Month, 1),
            (DatePart::Year, 2021),
        ];
        for (part, found) in parts {
            assert_eq!(part.of(&time), Some(found), "{part:?}");
        }
    }
}
