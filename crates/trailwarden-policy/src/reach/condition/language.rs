//! The values that a condition names, as a set of its type: included in another, or apart.
//!
//! Both answers are given only when certain; sets of different types are compared where one type
//! speaks of the other's texts (strings and ARNs), and otherwise not at all.

use std::cmp::Ordering;
use std::net::{IpAddr, Ipv6Addr};

use super::{Base, Order, Predicate};
use crate::reach::area::Areas;
use crate::reach::glob::Glob;

/// A set of values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Language {
    Texts(Vec<Glob>),
    /// Texts in lower case, compared without case; ASCII only.
    Folded(Vec<String>),
    /// Patterns of six parts, each matched by itself.
    Arns(Vec<Glob>),
    Networks(Vec<Network>),
    Numbers(Vec<Interval>),
    Dates(Vec<Interval>),
    Bools(Vec<String>),
    Bytes(Vec<String>),
}

/// A block of addresses. IPv4 is kept in its mapped form, so both families compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: u128,
    bits: u8,
    /// A block of IPv6 that holds mapped addresses does not hold the plain ones.
    is_v4: bool,
}

/// Numbers from `low` to `high`; an end is in the set when its flag says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    low: f64,
    has_low: bool,
    high: f64,
    has_high: bool,
}

impl Language {
    /// The values of a condition; `None` when one of them cannot be read as its type.
    pub(super) fn of(predicate: &Predicate) -> Option<Self> {
        let values = &predicate.values;
        if values.is_empty() || predicate.has_variables {
            return None;
        }
        let all_ascii = || values.iter().all(|value| value.is_ascii());
        Some(match &predicate.base {
            Base::StringEquals => {
                Self::Texts(values.iter().map(|value| Glob::literal(value)).collect())
            }
            Base::StringLike => {
                Self::Texts(values.iter().map(|value| Glob::plain(value)).collect())
            }
            Base::StringEqualsIgnoreCase if all_ascii() => {
                Self::Folded(values.iter().map(|value| value.to_ascii_lowercase()).collect())
            }
            Base::ArnLike => {
                let arns: Vec<Glob> = values.iter().map(|value| Glob::plain(value)).collect();
                let is_arn = |arn: &Glob| arn.arn_part(0)?.as_literal();
                let is_whole = arns.iter().all(|arn| is_arn(arn).as_deref() == Some("arn"));
                return is_whole.then_some(Self::Arns(arns));
            }
            Base::IpAddress => {
                Self::Networks(values.iter().map(|v| Network::parse(v)).collect::<Option<_>>()?)
            }
            Base::Numeric(order) => Self::Numbers(intervals(values, *order, number)?),
            Base::Date(order) => Self::Dates(intervals(values, *order, date)?),
            Base::Bool if values.iter().all(|v| v == "true" || v == "false") => {
                Self::Bools(values.clone())
            }
            Base::BinaryEquals => Self::Bytes(
                // Padding does not count.
                values.iter().map(|value| value.trim_end_matches('=').to_owned()).collect(),
            ),
            _ => return None,
        })
    }

    /// Whether the empty text may be in it.
    pub(super) fn may_hold_empty(&self) -> bool {
        match self {
            Self::Texts(globs) => globs.iter().any(|glob| glob.matches("")),
            Self::Folded(texts) | Self::Bytes(texts) => texts.iter().any(String::is_empty),
            _ => false,
        }
    }

    pub(super) fn is_same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Whether every value is in `other`, for certain.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Texts(a), Self::Texts(b)) => {
                a.iter().all(|one| b.contains(one)) || {
                    Areas::of_globs(b.iter().cloned()).covers(&Areas::of_globs(a.iter().cloned()))
                }
            }
            (Self::Texts(a), Self::Folded(b)) => {
                all_literals(a, |text| text.is_ascii() && b.contains(&text.to_ascii_lowercase()))
            }
            (Self::Texts(a), Self::Arns(b)) => all_literals(a, |text| {
                b.iter().any(|pattern| arn_covers(pattern, &Glob::literal(text)))
            }),
            (Self::Arns(a), Self::Arns(b)) => {
                a.iter().all(|one| b.iter().any(|pattern| arn_covers(pattern, one)))
            }
            (Self::Arns(a), Self::Texts(b)) => {
                a.iter().all(|one| b.iter().any(|pattern| pattern.covers(one)))
            }
            (Self::Networks(a), Self::Networks(b)) => {
                a.iter().all(|one| b.iter().any(|block| one.is_within(block)))
            }
            (Self::Numbers(a), Self::Numbers(b)) | (Self::Dates(a), Self::Dates(b)) => {
                a.iter().all(|one| b.iter().any(|interval| one.is_within(interval)))
            }
            (Self::Folded(a), Self::Folded(b))
            | (Self::Bools(a), Self::Bools(b))
            | (Self::Bytes(a), Self::Bytes(b)) => a.iter().all(|one| b.contains(one)),
            _ => false,
        }
    }

    /// Whether no value is in both, for certain.
    pub(super) fn is_apart(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Texts(a), Self::Texts(b)) => {
                a.iter().all(|one| b.iter().all(|two| !one.intersects(two)))
            }
            (Self::Texts(a), Self::Folded(b)) | (Self::Folded(b), Self::Texts(a)) => {
                all_literals(a, |text| text.is_ascii() && !b.contains(&text.to_ascii_lowercase()))
            }
            (Self::Texts(a), Self::Arns(b)) | (Self::Arns(b), Self::Texts(a)) => {
                a.iter().all(|one| b.iter().all(|two| !one.intersects(two)))
            }
            (Self::Arns(a), Self::Arns(b)) => {
                a.iter().all(|one| b.iter().all(|two| arns_apart(one, two)))
            }
            (Self::Networks(a), Self::Networks(b)) => {
                let apart = |x: &Network, y: &Network| !x.meets_within(y) && !y.meets_within(x);
                a.iter().all(|one| b.iter().all(|two| apart(one, two)))
            }
            (Self::Numbers(a), Self::Numbers(b)) | (Self::Dates(a), Self::Dates(b)) => {
                a.iter().all(|one| b.iter().all(|two| one.is_apart(two)))
            }
            (Self::Folded(a), Self::Folded(b))
            | (Self::Bools(a), Self::Bools(b))
            | (Self::Bytes(a), Self::Bytes(b)) => !a.iter().any(|one| b.contains(one)),
            _ => false,
        }
    }
}

fn all_literals(globs: &[Glob], holds: impl Fn(&str) -> bool) -> bool {
    globs.iter().all(|glob| glob.as_literal().is_some_and(|text| holds(&text)))
}

/// `ArnLike` matches part by part, so a `*` does not cross a colon before the resource.
fn arn_covers(pattern: &Glob, other: &Glob) -> bool {
    (0..6).all(|at| match (pattern.arn_part(at), other.arn_part(at)) {
        (Some(pattern), Some(other)) => pattern.covers(&other),
        _ => false,
    })
}

fn arns_apart(a: &Glob, b: &Glob) -> bool {
    (0..6).any(|at| match (a.arn_part(at), b.arn_part(at)) {
        (Some(a), Some(b)) => !a.intersects(&b),
        _ => false,
    })
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
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

    fn is_within(&self, other: &Self) -> bool {
        self.is_v4 == other.is_v4 && self.meets_within(other)
    }

    /// Whether this one's addresses, in whatever form, lie in the other.
    fn meets_within(&self, other: &Self) -> bool {
        self.bits >= other.bits && self.address & Self::mask(other.bits) == other.address
    }
}

fn intervals(
    values: &[String],
    order: Order,
    parse: impl Fn(&str) -> Option<f64>,
) -> Option<Vec<Interval>> {
    values.iter().map(|value| parse(value).map(|at| Interval::of(order, at))).collect()
}

impl Interval {
    fn of(order: Order, at: f64) -> Self {
        let all =
            Self { low: f64::NEG_INFINITY, has_low: false, high: f64::INFINITY, has_high: false };
        match order {
            Order::Equals => Self { low: at, has_low: true, high: at, has_high: true },
            Order::LessThan => Self { high: at, ..all },
            Order::LessThanEquals => Self { high: at, has_high: true, ..all },
            Order::GreaterThan => Self { low: at, ..all },
            Order::GreaterThanEquals => Self { low: at, has_low: true, ..all },
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        let low = match self.low.partial_cmp(&other.low) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => other.has_low || !self.has_low,
            _ => false,
        };
        let high = match self.high.partial_cmp(&other.high) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => other.has_high || !self.has_high,
            _ => false,
        };
        low && high
    }

    fn is_apart(&self, other: &Self) -> bool {
        let below =
            |a: &Self, b: &Self| a.high < b.low || (a.high == b.low && !(a.has_high && b.has_low));
        below(self, other) || below(other, self)
    }
}

/// A plain decimal, short enough that `f64` keeps every digit of it.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.len() <= 15
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.');
    is_plain.then(|| text.parse().ok()).flatten()
}

/// Seconds since 1970: `2026-01-31T23:59:59Z`, `2026-01-31`, or the seconds themselves.
fn date(text: &str) -> Option<f64> {
    if !text.is_empty() && text.len() <= 11 && text.bytes().all(|b| b.is_ascii_digit()) {
        // Four digits could also be a year.
        return (text.len() > 4).then(|| text.parse().ok()).flatten();
    }
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, time.strip_suffix('Z')?),
        None => (text, "00:00:00"),
    };
    let [year, month, day] = numbers(day, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let leap_days = |years: u32| years / 4 - years / 100 + years / 400;
    let is_leap = leap_days(year) > leap_days(year.checked_sub(1)?);
    let length = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let before: u32 = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30]
        .get(..usize::try_from(month.checked_sub(1)?).ok()?)?
        .iter()
        .sum();
    if !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let has_leap_day = month > 2 && is_leap;
    let days =
        year * 365 + leap_days(year.checked_sub(1)?) + before + day + u32::from(has_leap_day);
    // 1970-01-01 by the same count.
    let since_1970 = f64::from(days) - f64::from(1970 * 365 + leap_days(1969) + 1);
    Some(since_1970 * 86_400.0 + f64::from(hour * 3_600 + minute * 60 + second))
}

/// Three numbers of fixed lengths.
fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut next = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let [a, b, c] = lengths;
    let all = [next(a)?, next(b)?, next(c)?];
    parts.next().is_none().then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_date_compare() {
        assert_eq!(date("1970-01-02T00:00:01Z"), Some(86_401.0));
        assert_eq!(date("2024-03-01"), Some(1_709_251_200.0));
        assert_eq!(date("2024-03-01"), date("1709251200"));
        for text in ["", "2024", "2024-3-1", "2024-13-01", "2024-00-01", "2023-02-29", "tomorrow"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

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
