//! Values of typed conditions: numbers, times, addresses, Booleans.
//!
//! What has the wrong form is `None`, and compares with nothing.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (numeric, date, Boolean
//! and IP address operators).

use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// In one second.
pub(crate) const NANOSECONDS: i128 = 1_000_000_000;

/// `true` or `false`, in any case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A decimal number, compared digit by digit: no value is too large or too fine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    is_negative: bool,
    /// Without leading zeros.
    whole: Box<str>,
    /// Without trailing zeros.
    fraction: Box<str>,
}

impl Number {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction)
        {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self {
            is_negative: is_negative && !is_zero,
            whole: whole.into(),
            fraction: fraction.into(),
        })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = || {
            let whole = self.whole.len().cmp(&other.whole.len());
            let whole = whole.then_with(|| self.whole.cmp(&other.whole));
            whole.then_with(|| self.fraction.cmp(&other.fraction))
        };
        match (self.is_negative, other.is_negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(),
            (true, true) => size().reverse(),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A time in nanoseconds since 1970: seconds as a plain number, or one of the W3C forms of ISO
/// 8601. Four digits are a year, as W3C has it.
pub(crate) fn time(text: &str) -> Option<i128> {
    let text = text.trim();
    let is_year = text.len() == 4;
    if !is_year && let Some(nanoseconds) = epoch(text) {
        return Some(nanoseconds);
    }
    let (date, clock) = match text.split_once(['T', 't', ' ']) {
        Some((date, clock)) => (date, Some(clock)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let (month, day) = match (parts.next(), parts.next(), parts.next()) {
        (None, None, None) => (1, 1),
        (Some(month), None, None) => (digits(month, 2)?, 1),
        (Some(month), Some(day), None) => (digits(month, 2)?, digits(day, 2)?),
        _ => return None,
    };
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let of_day = match clock {
        None => 0,
        Some(_) if date.len() != 10 => return None,
        Some(clock) => time_of_day(clock)?,
    };
    Some(days_since_1970(year, month, day) * 86_400_000_000_000 + of_day)
}

/// The second since 1970 in which a value of a date condition lies; none when it is no time.
#[must_use]
pub fn second_of(text: &str) -> Option<i64> {
    i64::try_from(time(text)?.div_euclid(NANOSECONDS)).ok()
}

fn epoch(text: &str) -> Option<i128> {
    let (is_negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (seconds, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    // More digits than these are no time that anything has.
    if seconds.is_empty() || seconds.len() > 15 || (unsigned.contains('.') && fraction.is_empty()) {
        return None;
    }
    let nanoseconds = digits(seconds, seconds.len())? * NANOSECONDS + nanoseconds(fraction)?;
    Some(if is_negative { -nanoseconds } else { nanoseconds })
}

/// Nanoseconds of a fraction of a second, given its digits.
fn nanoseconds(fraction: &str) -> Option<i128> {
    if fraction.is_empty() {
        return Some(0);
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nine: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    digits(&nine, 9)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f`, then `Z`, an offset or nothing, which is taken as UTC.
fn time_of_day(text: &str) -> Option<i128> {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None => (text, "Z"),
    };
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(part) => {
            let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
            (digits(whole, 2)?, nanoseconds(fraction)?)
        }
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = (hour * 60 + minute) * 60 + second - offset_seconds(offset)?;
    Some(seconds * NANOSECONDS + fraction)
}

fn offset_seconds(text: &str) -> Option<i128> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "00"),
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i128> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn days_in(year: i128, month: i128) -> i128 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The proleptic Gregorian calendar, counted from a March so that leap days come last.
fn days_since_1970(year: i128, month: i128, day: i128) -> i128 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// CIDR notation, or one address. Bits beyond the prefix do not count. IPv4 addresses written
    /// as IPv6 (`::ffff:203.0.113.0/120`) are the IPv4 range they stand for.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => {
                let is_number =
                    !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
                (address, Some(prefix.parse::<u8>().ok().filter(|_| is_number)?))
            }
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        if prefix > longest {
            return None;
        }
        Some(match address {
            IpAddr::V6(six) if prefix >= 96 => match six.to_ipv4_mapped() {
                Some(four) => Self { address: four.into(), prefix: prefix - 96 },
                None => Self { address, prefix },
            },
            _ => Self { address, prefix },
        })
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(range), IpAddr::V4(one)) => {
                same_prefix(u128::from(bits4(range)), u128::from(bits4(one)), 32, self.prefix)
            }
            (IpAddr::V6(range), _) => match address {
                IpAddr::V6(one) => same_prefix(bits6(range), bits6(one), 128, self.prefix),
                IpAddr::V4(_) => false,
            },
            (IpAddr::V4(_), IpAddr::V6(_)) => false,
        }
    }
}

fn bits4(address: Ipv4Addr) -> u32 {
    address.into()
}

fn bits6(address: Ipv6Addr) -> u128 {
    address.into()
}

fn same_prefix(a: u128, b: u128, width: u8, prefix: u8) -> bool {
    let dropped = u32::from(width - prefix);
    // Shifting by the whole width is what `/0` asks for, and no shift.
    (a ^ b).checked_shr(dropped).unwrap_or_default() == 0
}
