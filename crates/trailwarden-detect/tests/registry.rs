//! What holds for every built-in detection: its trails, its names, and that nothing is left out.

use std::collections::BTreeSet;

use trailwarden_detect::detection::{Detection, Reads};
use trailwarden_detect::detections::ALL;
use trailwarden_detect::trail::TrailError;
use trailwarden_detect::{reference, trail};
use trailwarden_model::attack::tactic_of;
use trailwarden_record::row::Action;

/// Rows of the coverage list that no detection answers, each with what does.
const ELSEWHERE: &[(&str, &str)] = &[
    ("TW-DE-10", "`trailwarden verify`: it reads digests, and no record tells of them"),
    (
        "TW-DE-13",
        "`trailwarden remediate watch`: only the journal of runs tells of our own response",
    ),
];

fn fires(detection: &'static Detection, trail: &str) -> Result<bool, TrailError> {
    let findings = reference::judge_example(detection, trail)?;
    for finding in &findings {
        assert_eq!(finding.rule, detection.id, "a health finding: {}", finding.explanation);
        assert!(!finding.explanation.contains('{'), "{}: {}", detection.id, finding.explanation);
        assert!(finding.explanation.ends_with('.'), "{}: {}", detection.id, finding.explanation);
    }
    Ok(!findings.is_empty())
}

#[test]
fn every_detection_fires_on_its_trails_and_is_quiet_on_the_others() {
    let mut wrong = Vec::new();
    for detection in ALL {
        assert!(!detection.fires_on.is_empty(), "{} has no trail that fires", detection.id);
        let must = detection.fires_on.iter().map(|trail| (trail, true));
        for (trail, expected) in must.chain(detection.quiet_on.iter().map(|trail| (trail, false))) {
            match fires(detection, trail) {
                Ok(fired) if fired == expected => {}
                Ok(true) => wrong.push(format!("{} fires on\n{trail}", detection.id)),
                Ok(false) => wrong.push(format!("{} stays quiet on\n{trail}", detection.id)),
                Err(error) => wrong.push(format!("{}: {error} in\n{trail}", detection.id)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A quiet trail without an event of a selected name proves nothing.
#[test]
fn every_detection_is_quiet_on_an_event_that_it_selects() {
    for detection in ALL {
        let selected = detection.quiet_on.iter().any(|trail| {
            trail::records(trail).unwrap().iter().any(|record| {
                let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
                let service = text("eventSource").replace(".amazonaws.com", "");
                let action = Action { service, name: text("eventName"), ..Action::default() };
                detection.select.covers(&action)
            })
        });
        assert!(selected, "{} has no quiet trail with an event that it selects", detection.id);
    }
}

#[test]
fn ids_are_kebab_case_unique_and_the_files_names() {
    let mut ids = BTreeSet::new();
    for detection in ALL {
        let id = detection.id;
        assert!(
            id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id}"
        );
        assert!(
            !id.starts_with("detect-") && !id.ends_with("-detected"),
            "{id} names the act of detecting"
        );
        assert!(ids.insert(id), "{id} stands twice");
        let file =
            format!("{}/src/detections/{}.rs", env!("CARGO_MANIFEST_DIR"), id.replace('-', "_"));
        assert!(std::path::Path::new(&file).exists(), "{id} is not its file's name");
    }
}

#[test]
fn every_detection_says_what_a_reader_needs() {
    for detection in ALL {
        let id = detection.id;
        assert!(detection.title.len() >= 10 && !detection.title.ends_with('.'), "{id}: title");
        assert!(detection.risk.ends_with('.'), "{id}: risk is a sentence");
        assert!(!detection.false_positives.is_empty(), "{id}: known harmless causes");
        assert!(!detection.attack.is_empty(), "{id}: ATT&CK");
        for technique in detection.attack {
            assert!(tactic_of(technique).is_some(), "{id}: {technique} has no tactic");
        }
        if detection.select.reads == Reads::Record {
            assert!(!detection.select.events.contains(&"*"), "{id} would keep every record whole");
        }
    }
}

#[test]
fn every_row_of_the_list_that_can_be_covered_is() {
    let list: toml::Table = include_str!("../coverage.toml").parse().unwrap();
    let rows = list["row"].as_array().unwrap();
    let known: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    let covered: BTreeSet<&str> =
        ALL.iter().flat_map(|detection| detection.covers).copied().collect();
    let elsewhere: BTreeSet<&str> = ELSEWHERE.iter().map(|(id, _)| *id).collect();
    for row in rows.iter().filter(|row| row["tier"].as_str() == Some("P0")) {
        let id = row["id"].as_str().unwrap();
        assert!(
            covered.contains(id) || elsewhere.contains(id),
            "{id} is neither covered nor in ELSEWHERE"
        );
    }
    for id in covered.union(&elsewhere) {
        assert!(known.contains(id), "{id} is not in the list");
    }
    let both: Vec<_> = covered.intersection(&elsewhere).collect();
    assert!(both.is_empty(), "{both:?} are covered: take them out of ELSEWHERE");
}
