//! Event time: whole seconds since 1970, UTC.
//!
//! CloudTrail's `eventTime` has a resolution of one second, so nothing finer is kept, and equal
//! seconds are concurrent until a total order (see `trailwarden_record::order`) says otherwise.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digits;

/// Seconds since the Unix epoch, UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(i64);

/// The text was not an RFC 3339 time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an RFC 3339 time such as 2026-01-31T23:59:59Z")]
pub struct NotATime(pub String);

/// One minute in seconds.
pub const MINUTE: i64 = 60;
/// One hour in seconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day in seconds.
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// From seconds since 1970.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Days since 1970, rounded down.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// This time and so many seconds.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to here; negative when it is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads the one shape CloudTrail writes, `YYYY-MM-DDTHH:MM:SSZ`, without allocation, and
    /// falls back to any RFC 3339 time.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_fixed(text.as_bytes()).or_else(|| {
            let time: jiff::Timestamp = text.parse().ok()?;
            Some(Self(time.as_second()))
        })
    }

    /// [`Timestamp::parse`] of bytes; `None` when they are not UTF-8.
    pub fn parse_bytes(bytes: &[u8]) -> Option<Self> {
        Self::parse_fixed(bytes).or_else(|| Self::parse(std::str::from_utf8(bytes).ok()?))
    }

    fn parse_fixed(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; 20] = bytes.try_into().ok()?;
        let (date, rest) = bytes.split_first_chunk::<8>()?;
        // Both of the others end where they end, so they overlap.
        let (clock, end) = (rest.first_chunk::<8>()?, rest.last_chunk::<8>()?);
        let date = digits::pairs(digits::above(*date, b"0000-00-")?);
        let clock = digits::pairs(digits::above(*clock, b"00T00:00")?);
        let end = digits::pairs(digits::above(*end, b"0:00:00Z")?);
        let at = |pairs: u64, place: u32| i64::from((pairs >> (8 * place)) as u8);
        let year = at(date, 0) * 100 + at(date, 2);
        let (month, day) = (at(date, 5), at(clock, 0));
        let (hour, minute, second) = (at(clock, 3), at(clock, 6), at(end, 5));
        let in_range = (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        in_range.then(|| {
            Self(days_from_civil(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second)
        })
    }

    /// `YYYY-MM-DD HH:MM:SS` in the given zone, for people.
    pub fn display_in(self, zone: &TimeZone) -> String {
        match jiff::Timestamp::from_second(self.0) {
            Ok(time) => time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Err(_) => self.0.to_string(),
        }
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March
/// so that the leap day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(time) => fmt::Display::fmt(&time, f),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| NotATime(text.to_owned()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": "Z$",
            "description": "RFC 3339, UTC, whole seconds.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_cloudtrail_writes() {
        let time = Timestamp::parse("2024-08-01T13:33:28Z").unwrap();
        assert_eq!(time.seconds(), 1_722_519_208);
        assert_eq!(time.to_string(), "2024-08-01T13:33:28Z");
    }

    #[test]
    fn reads_offsets_and_refuses_nonsense() {
        assert_eq!(
            Timestamp::parse("2024-08-01T15:33:28+02:00"),
            Timestamp::parse("2024-08-01T13:33:28Z")
        );
        for text in [
            "",
            "yesterday",
            "2024-02-30T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-08-01T25:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    proptest! {
        /// The fast reader agrees with the library on every second of five centuries.
        #[test]
        fn fast_reader_agrees_with_jiff(seconds in -5_000_000_000_i64..11_000_000_000) {
            let text = Timestamp::from_seconds(seconds).to_string();
            prop_assert_eq!(Timestamp::parse_fixed(text.as_bytes()), Some(Timestamp::from_seconds(seconds)));
        }
    }
}
