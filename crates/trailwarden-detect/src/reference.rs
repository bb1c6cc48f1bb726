//! The slow, obvious way from records to findings: decode everything, sort, judge.
//!
//! Detections are tested on it, and the fast path is held equal to it.

use serde_json::Value;
use trailwarden_model::finding::Kind;
use trailwarden_model::{Finding, Timestamp};
use trailwarden_record::row::{Actions, Place};
use trailwarden_record::{Event, Row, Skim};

use crate::changes::ChangeRow;
use crate::conclude::{Records, Sources};
use crate::detection::{Detection, Needs};
use crate::engine::Engine;
use crate::settings::Settings;

/// Judges records with some detections; the file of every record is called `trail`.
pub fn judge(
    records: &[Value],
    detections: &[&'static Detection],
    settings: &Settings,
) -> Vec<Finding> {
    judge_whole(records, Engine::new(detections, settings.clone())).0
}

/// Judges records with an engine; also the changes, where it keeps them.
pub fn judge_whole(records: &[Value], mut engine: Engine) -> (Vec<Finding>, Vec<ChangeRow>) {
    let actions = Actions::default();
    let mut rows: Vec<(Row, Event)> = Vec::new();
    for (number, record) in records.iter().enumerate() {
        let text = record.to_string();
        let Ok(event) = Event::decode(text.as_bytes()) else { continue };
        let skim = Skim::of_value(record);
        let action = actions.call(skim.event_source.as_str(), skim.event_name.as_str());
        let place = Place { file: 0, record: u32::try_from(number).unwrap_or(u32::MAX) };
        let mut row = Row::of(&skim, text.as_bytes(), action, place);
        locate(&mut row, record);
        rows.push((row, event));
    }
    // One event id may stand in several accounts: without the account, duplicates of one would not
    // be neighbours.
    rows.sort_by_key(|(row, _)| (row.order, row.account, row.place));
    rows.dedup_by_key(|(row, _)| (row.order, row.account));
    for (row, event) in &rows {
        engine.push(row, &actions.get(row.action), Some(event));
    }
    let until = rows.last().map_or(Timestamp::default(), |(row, _)| row.time());
    engine.finish(until);
    let records: Records = rows.into_iter().map(|(row, event)| (row.place, event)).collect();
    let files = ["trail".to_owned()];
    let sources = Sources { records: &records, files: &files, actions: &actions, sigma: &[] };
    let findings = engine.conclude(&sources);
    let changes = engine.changes(&findings, &sources);
    (findings, changes)
}

/// A trail may say what a GeoIP database would: see [`crate::trail`].
fn locate(row: &mut Row, record: &Value) {
    if let Some(&[first, second]) = record["_country"].as_str().map(str::as_bytes) {
        row.country = [first, second];
    }
    let asn = record["_asn"].as_u64().and_then(|number| u32::try_from(number).ok());
    row.asn = asn.unwrap_or_default();
}

/// Judges a trail (see [`crate::trail`]).
pub fn judge_trail(
    trail: &str,
    detections: &[&'static Detection],
    settings: &Settings,
) -> Result<Vec<Finding>, crate::trail::TrailError> {
    Ok(judge(&crate::trail::records(trail)?, detections, settings))
}

/// What a detection finds in one of its own examples, with everything on that it may need.
///
/// Lint of the documents in it is nobody's example.
pub fn judge_example(
    detection: &'static Detection,
    trail: &str,
) -> Result<Vec<Finding>, crate::trail::TrailError> {
    let settings = Settings {
        has_geoip: detection.needs == Needs::GeoIp,
        decoys: ["decoy", "AKIADECOYDECOYDECOY1"].map(str::to_owned).into(),
        break_glass: ["break-glass"].map(str::to_owned).into(),
        ..Settings::default()
    };
    let mut findings = judge_trail(trail, &[detection], &settings)?;
    findings.retain(|finding| finding.kind != Kind::Lint);
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_can_say_where_an_address_lies() {
        let trail = "alice iam:ListUsers country=DE asn=64500\nalice iam:ListUsers";
        let records = crate::trail::records(trail).unwrap();
        let located = |record: &Value| {
            let mut row = Row::default();
            locate(&mut row, record);
            (row.country, row.asn)
        };
        assert_eq!(located(&records[0]), (*b"DE", 64_500));
        assert_eq!(located(&records[1]), ([0; 2], 0));
        assert!(crate::trail::records("alice iam:ListUsers country=Germany").is_err());
        assert!(crate::trail::records("alice iam:ListUsers asn=AS1").is_err());
    }
}
