//! The model on real attack logs: what they made is there, and nothing is said to be missing that
//! was not.
//!
//! The logs are not part of the repository. Without `TRAILWARDEN_TEST_DATA` the test says that it was
//! skipped.

use std::fs;
use std::path::Path;

use trailwarden_account::entry::order_of;
use trailwarden_account::timeline::Limits;
use trailwarden_account::{Models, Timelines};
use trailwarden_model::Timestamp;
use trailwarden_record::Event;
use trailwarden_record::row::{Order, Place};
use trailwarden_testkit::skip;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The events of a file, which holds an array of records, in the total order.
fn events(path: &Path) -> Outcome<Vec<(Order, Event)>> {
    let records: Vec<serde_json::Value> = serde_json::from_slice(&fs::read(path)?)?;
    let mut events = Vec::new();
    for record in records {
        let event = Event::decode(record.to_string().as_bytes())?;
        events.push((order_of(&event), event));
    }
    events.sort_by_key(|(order, _)| *order);
    Ok(events)
}

#[test]
fn attack_logs_fold_without_contradiction() -> Outcome {
    let test = "real_logs::attack_logs_fold_without_contradiction";
    let Some(folder) = skip::data(test, "stratus-red-team") else { return Ok(()) };
    let (mut changes, mut contradictions) = (0, Vec::new());
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let mut models = Models::default();
        let mut timelines = Timelines::new(&[], Limits::default());
        let events = events(&path)?;
        for (order, event) in &events {
            changes += usize::from(models.apply(event, *order, Place::default()).is_some());
        }
        for (order, event) in events.iter().rev() {
            timelines.push(event, *order, Place::default());
        }
        assert_eq!(timelines.at(Timestamp::from_seconds(i64::MAX)), models, "{}", path.display());
        let name = path.file_stem().unwrap_or_default().display().to_string();
        for gap in models.iter().flat_map(|model| model.gaps()) {
            contradictions.push(format!("{name}: {:?} {} {}", gap.kind, gap.subject, gap.detail));
        }
    }
    // The successful calls in these files that change IAM, as counted by hand.
    assert_eq!(changes, 9);
    assert_eq!(contradictions, Vec::<String>::new());
    Ok(())
}
