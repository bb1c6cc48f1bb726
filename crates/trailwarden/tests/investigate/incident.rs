//! A whole incident: a leaked key, told against what is known of it (`fixtures/trails`).

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Stands, StepKind};

use crate::support::{Story as _, fixture, people, run, steps};

/// The key was its owner's before; from here on it was somebody else's.
const SINCE: &str = "2026-05-16T20:00:00Z";

fn truth() -> Value {
    let path = fixture("trails/leaked-intern-key.truth.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn story() -> Investigation {
    let truth = truth();
    let log = fixture("trails/leaked-intern-key.ndjson");
    let key = truth["start"]["access_key"].as_str().unwrap();
    let log = log.to_str().unwrap();
    let ran = run(&["investigate", log, "--principal", key, "--since", SINCE, "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    ran.story()
}

#[test]
fn every_call_of_the_intruder_is_his_and_none_of_others() {
    let (story, truth) = (story(), truth());
    let intruder: BTreeSet<&str> = truth["intruder_events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    // All groups of this incident are small enough to list each of their events.
    let own = story.timeline.iter().filter(|step| step.kind != StepKind::DoneTo);
    let told: BTreeSet<&str> = own.flat_map(|step| &step.event_ids).map(String::as_str).collect();
    assert_eq!(told.difference(&intruder).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(intruder.difference(&told).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn one_identity_leads_to_the_next() {
    let story = story();
    assert_eq!(
        people(&story),
        [
            "subject user pavel",
            "key user pavel",
            "made user svc-metrics",
            "key user rosa",
            "made role OrganizationFormationRole",
            "backdoor session backup-operator/sync",
            "made user breakglass",
        ]
    );
    let renamed = story.identities.iter().find(|who| who.name == "svc-metrics").unwrap();
    assert_eq!(renamed.former_names, ["AWSSupportTelemetry"]);
    let outsider =
        story.identities.iter().find(|who| who.account.as_deref() == Some("444455556666")).unwrap();
    assert_eq!(outsider.kind, "user", "its id begins with AIDA");
    let entered = story.links.iter().find(|link| link.from == outsider.number).unwrap();
    assert_eq!(story.identities[entered.to as usize].name, "backup-operator/sync");
}

#[test]
fn what_was_left_behind_stands_or_not_as_it_does() {
    let (story, truth) = (story(), truth());
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    for left in truth["left_at_the_end"].as_array().unwrap() {
        let found = story
            .left_behind
            .iter()
            .any(|told| told.event_id == text(left, "made_by") && told.stands == Stands::Yes);
        assert!(found, "{left}");
    }
    for gone in truth["gone_at_the_end"].as_array().unwrap() {
        let found = story.left_behind.iter().any(|told| {
            let ended = told.ended_by.as_ref();
            told.event_id == text(gone, "made_by")
                && told.stands == Stands::No
                && ended.is_some_and(|ended| {
                    ended.event_id == text(gone, "ended_by")
                        && ended.by_itself == (text(gone, "ended_by_whom") == "intruder")
                })
        });
        assert!(found, "{gone}");
    }
}

#[test]
fn nothing_else_is_said_to_stand() {
    let (story, truth) = (story(), truth());
    let known: BTreeSet<&str> = truth["left_at_the_end"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left| left["made_by"].as_str().unwrap())
        .collect();
    for left in story.left_behind.iter().filter(|left| left.stands != Stands::No) {
        assert!(known.contains(left.event_id.as_str()), "{left:?}");
    }
}

#[test]
fn what_was_gained_is_told_with_its_grades() {
    let story = story();
    let gained: Vec<String> = story
        .gained
        .iter()
        .map(|gain| {
            let who = &story.identities[gain.identity as usize].name;
            format!("{who}: {} to {} by {}", gain.grade_before, gain.grade_after, gain.event_name)
        })
        .collect();
    assert!(gained.contains(&"pavel: privesc to admin by AddUserToGroup".to_owned()), "{gained:?}");
    assert!(
        gained.contains(&"breakglass: none to admin by AddUserToGroup".to_owned()),
        "{gained:?}"
    );
    let joined = steps(&story, StepKind::Changed).next().unwrap();
    assert_eq!(joined.grade_before.as_deref(), Some("privesc"));
    assert_eq!(joined.grade_after.as_deref(), Some("admin"));
}

#[test]
fn refusals_and_reads_are_grouped() {
    let story = story();
    let denied: u64 = steps(&story, StepKind::Denied).map(|step| step.count).sum();
    assert_eq!(denied, 5);
    let objects =
        steps(&story, StepKind::Read).find(|step| step.event_name == "GetObject").unwrap();
    assert_eq!((objects.count, objects.targets.len()), (3, 3));
}
