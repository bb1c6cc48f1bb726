//! Times that a person types: an instant, a day, or a span back from now.

use anyhow::{Context, bail};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use trailwarden_model::Timestamp;
use trailwarden_runtime::config::seconds;

/// Reads RFC 3339, `2026-01-31`, `2026-01-31T12:30[:00]` in the zone, or a span such as `24h`.
pub(crate) fn parse(text: &str, zone: &TimeZone, now: Timestamp) -> anyhow::Result<Timestamp> {
    if let Some(time) = Timestamp::parse(text) {
        return Ok(time);
    }
    if let Some(span) = seconds(text) {
        return Ok(now.plus(-span));
    }
    let civil = match (text.parse::<Date>(), text.parse::<DateTime>()) {
        (Ok(day), _) if !text.contains('T') && !text.contains(' ') => day.at(0, 0, 0, 0),
        (_, Ok(time)) => time,
        _ => bail!(
            "`{text}` is no time; write 2026-01-31T12:00:00Z, 2026-01-31, or a span back from now such as 24h or 7d"
        ),
    };
    let zoned = civil
        .to_zoned(zone.clone())
        .with_context(|| format!("`{text}` does not exist in this time zone"))?;
    Ok(Timestamp::from_seconds(zoned.timestamp().as_second()))
}

/// Reads a zone: `UTC`, an IANA name, or `local`.
pub(crate) fn zone(name: &str) -> anyhow::Result<TimeZone> {
    match name {
        "local" => Ok(TimeZone::system()),
        "UTC" | "utc" => Ok(TimeZone::UTC),
        _ => TimeZone::get(name).with_context(|| {
            format!("`{name}` is no time zone; use UTC, local, or a name such as Europe/Berlin")
        }),
    }
}

/// The present, for spans back from now and for the expiry of suppressions.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_seconds(jiff::Timestamp::now().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<String> {
        let zone = zone("Europe/Berlin")?;
        let now = Timestamp::parse("2026-03-01T12:00:00Z").context("a time")?;
        Ok(parse(text, &zone, now)?.to_string())
    }

    #[test]
    fn instants_days_and_spans() {
        assert_eq!(read("2026-01-31T12:00:00Z").unwrap(), "2026-01-31T12:00:00Z");
        assert_eq!(read("2026-01-31").unwrap(), "2026-01-30T23:00:00Z");
        assert_eq!(read("2026-01-31T12:30").unwrap(), "2026-01-31T11:30:00Z");
        assert_eq!(read("24h").unwrap(), "2026-02-28T12:00:00Z");
        assert!(read("yesterday").unwrap_err().to_string().contains("24h"));
    }
}
