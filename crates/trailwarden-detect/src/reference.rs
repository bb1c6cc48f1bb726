//! The slow, obvious way from records to findings: decode everything, sort, judge.
//!
//! Detections are tested on it, and the fast path is held equal to it.

use serde_json::Value;
use trailwarden_model::{Finding, Timestamp};
use trailwarden_record::row::{Actions, Place};
use trailwarden_record::{Event, Row, Skim};

use crate::conclude::{Records, Sources};
use crate::detection::Detection;
use crate::engine::Engine;
use crate::settings::Settings;

/// Judges records with some detections; the file of every record is called `trail`.
pub fn judge(
    records: &[Value],
    detections: &[&'static Detection],
    settings: &Settings,
) -> Vec<Finding> {
    let actions = Actions::default();
    let mut rows: Vec<(Row, Event)> = Vec::new();
    for (number, record) in records.iter().enumerate() {
        let text = record.to_string();
        let Ok(event) = Event::decode(text.as_bytes()) else { continue };
        let skim = Skim::of_value(record);
        let action = actions.intern(&skim.event_source, &skim.event_name);
        let place = Place { file: 0, record: u32::try_from(number).unwrap_or(u32::MAX) };
        rows.push((Row::of(&skim, text.as_bytes(), action, place), event));
    }
    rows.sort_by_key(|(row, _)| (row.order, row.place));
    rows.dedup_by_key(|(row, _)| (row.order, row.account));
    let mut engine = Engine::new(detections, settings.clone());
    for (row, event) in &rows {
        engine.push(row, &actions.get(row.action), Some(event));
    }
    let until = rows.last().map_or(Timestamp::default(), |(row, _)| row.time());
    engine.finish(until);
    let records: Records = rows.into_iter().map(|(row, event)| (row.place, event)).collect();
    let files = ["trail".to_owned()];
    engine.conclude(&Sources { records: &records, files: &files, actions: &actions, sigma: &[] })
}

/// Judges a trail (see [`crate::trail`]).
pub fn judge_trail(
    trail: &str,
    detections: &[&'static Detection],
    settings: &Settings,
) -> Result<Vec<Finding>, crate::trail::TrailError> {
    Ok(judge(&crate::trail::records(trail)?, detections, settings))
}
