//! Ranges of numbers and of points in time.

use std::cmp::Ordering;

use super::super::Order;

/// Numbers from `low` to `high`; an end is in the set when its flag says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::reach::condition) struct Interval {
    low: f64,
    has_low: bool,
    high: f64,
    has_high: bool,
}

pub(super) fn intervals(
    values: &[String],
    order: Order,
    parse: impl Fn(&str) -> Option<f64>,
) -> Option<Vec<Interval>> {
    values.iter().map(|value| parse(value).map(|at| Interval::of(order, at))).collect()
}

impl Interval {
    pub(super) fn of(order: Order, at: f64) -> Self {
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

    pub(super) fn is_within(&self, other: &Self) -> bool {
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

    pub(super) fn is_apart(&self, other: &Self) -> bool {
        let below =
            |a: &Self, b: &Self| a.high < b.low || (a.high == b.low && !(a.has_high && b.has_low));
        below(self, other) || below(other, self)
    }
}

/// A plain decimal, short enough that `f64` keeps every digit of it.
pub(super) fn number(text: &str) -> Option<f64> {
    let is_plain = text.len() <= 15
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.');
    is_plain.then(|| text.parse().ok()).flatten()
}

/// Seconds since 1970: `2026-01-31T23:59:59Z`, `2026-01-31`, or the seconds themselves.
pub(super) fn date(text: &str) -> Option<f64> {
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
}
