//! Real attacks: whoever made the attack's first record is investigated, and the attack is told.
//!
//! The logs are not part of the repository. Without `TRAILWARDEN_TEST_DATA` the test says that it was
//! skipped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::Stands;

use crate::support::{Story as _, left, run};

#[test]
fn the_caller_of_each_attack_is_found_and_the_attack_is_told() {
    let Some(folder) = data("the_caller_of_each_attack_is_found_and_the_attack_is_told") else {
        return;
    };
    let mut told = 0;
    for row in truth(&folder) {
        let story = story(&folder.join(&row.file), &row.first);
        // A step lists a few of its events, so calls are counted by name.
        let step = story.timeline.iter().find(|step| step.event_ids.contains(&row.first));
        assert!(step.is_some(), "{}: {} is not told", row.file, row.first);
        told += 1;
    }
    assert_eq!(told, 35);
}

#[test]
fn a_user_made_with_a_key_and_a_policy_is_left_behind() {
    let Some(folder) = data("a_user_made_with_a_key_and_a_policy_is_left_behind") else { return };
    let story = story(&folder.join("aws.persistence.iam-create-admin-user.json"), "christophe");
    let left = left(&story);
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.iter().all(|thing| thing.ends_with(": stands")), "{left:?}");
    assert_eq!(story.gained.len(), 1, "{:?}", story.gained);
    assert_eq!(story.gained[0].grade_after, "admin");
}

/// The session that called is told as the user's who took it.
#[test]
fn a_session_is_told_as_of_whoever_took_it() {
    let Some(folder) = data("a_session_is_told_as_of_whoever_took_it") else { return };
    let log = folder.join("aws.defense-evasion.organizations-leave.json");
    let story = story(&log, "christophe");
    let session = story.identities.iter().find(|who| who.relation.as_str() == "session").unwrap();
    assert_eq!((session.calls, session.denied), (1, 1));
    let denied = story.timeline.iter().find(|step| step.event_name == "LeaveOrganization");
    assert_eq!(denied.unwrap().identity, session.number);
}

fn story(log: &Path, who: &str) -> Investigation {
    let ran = run(&["investigate", log.to_str().unwrap(), "--principal", who, "--json"]);
    let story = ran.story();
    // What was left and may or may not stand still is no quiet end.
    let is_unknown = story.left_behind.iter().any(|left| left.stands == Stands::Unknown);
    let expected = if is_unknown { 3 } else { 0 };
    assert_eq!(ran.code, expected, "{}: {}", log.display(), ran.said);
    story
}

struct Row {
    file: String,
    first: String,
}

fn truth(folder: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(folder.join("truth.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| {
        let row = row.unwrap();
        let ids = row.get("attack_event_ids").unwrap();
        Row {
            file: row.get("file").unwrap().clone(),
            first: ids.split(';').next().unwrap().to_owned(),
        }
    });
    rows.collect()
}

/// The folder of the logs; says so where there is none.
fn data(test: &str) -> Option<PathBuf> {
    trailwarden_testkit::skip::data(&format!("investigate::{test}"), "stratus-red-team")
}
