//! With `--change-policies` a story says of each change what the policies say.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Story as _, run, run_on};

const LOGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/change-policies/logs");
const POLICIES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/change-policies/policies");

#[test]
fn a_story_says_of_a_change_what_changes_says_of_it() {
    let changes =
        run(&["changes", LOGS, "--change-policies", POLICIES, "--json"]).parsed::<Value>();
    let rows = changes["changes"].as_array().unwrap().iter();
    let by_event: BTreeMap<&str, &Value> =
        rows.map(|row| (row["event_id"].as_str().unwrap(), &row["authorized"])).collect();
    let args = ["investigate", LOGS, "--principal", "deploy", "--change-policies", POLICIES];
    let json: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let story = run(&json).story();
    let mut verdicts = BTreeMap::new();
    for step in &story.timeline {
        let ([event], Some(said)) = (step.event_ids.as_slice(), &step.authorized) else { continue };
        let Some(expected) = by_event.get(event.as_str()) else { continue };
        assert_eq!(&serde_json::to_value(said).unwrap(), *expected, "{event}");
        *verdicts.entry(format!("{:?}", said.verdict)).or_insert(0) += 1;
    }
    assert!(verdicts["Permitted"] > 5 && verdicts["Unknown"] > 0, "{verdicts:?}");
    let permitted = "permitted by change policy deploy-manages-applications";
    for format in ["table", "markdown", "html"] {
        let told: Vec<&str> = args.iter().copied().chain(["--format", format]).collect();
        let told = run(&told).out;
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(permitted), "{format}: {told}");
        assert!(told.contains("no change policy speaks of it"), "{format}: {told}");
    }
}

#[test]
fn without_policies_a_story_says_nothing_of_them() {
    let story = run(&["investigate", LOGS, "--principal", "deploy", "--json"]).story();
    assert!(story.timeline.iter().all(|step| step.authorized.is_none()));
}

#[test]
fn what_is_read_only_once_cannot_be_judged() {
    let args = ["investigate", "-", "--principal", "x", "--change-policies", POLICIES];
    let ran = run_on(b"{}", &args);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("read only once"), "{}", ran.said);
}
