//! What the samples of the catalogue set off: one record, an account of which nothing else is known, and all detections.

use expect_test::expect_file;
use trailwarden_catalogue::Entry;
use trailwarden_detect::detection::{Logic, Needs};
use trailwarden_detect::detections::ALL;
use trailwarden_detect::{Settings, reference};

use super::concerns;

/// What fires; then what names the event, judges single events, and stays quiet.
fn line(entry: &Entry) -> Option<String> {
    let record = serde_json::from_str(entry.sample?).unwrap();
    let findings = reference::judge(&[record], ALL, &Settings::default());
    let mut fired: Vec<String> =
        findings.iter().map(|one| format!("{} ({})", one.rule, one.severity.as_str())).collect();
    fired.sort();
    let judges_one =
        |logic: &Logic| matches!(logic, Logic::Each(_) | Logic::Effect(_) | Logic::Text(_));
    let quiet: Vec<&str> = concerns::naming(entry)
        .into_iter()
        .filter(|one| judges_one(&one.logic) && one.needs == Needs::Nothing)
        .map(|one| one.id)
        .filter(|id| findings.iter().all(|finding| finding.rule != *id))
        .collect();
    let fired = if fired.is_empty() { "nothing".to_owned() } else { fired.join(", ") };
    let quiet =
        if quiet.is_empty() { String::new() } else { format!("; quiet: {}", quiet.join(", ")) };
    Some(format!("{}: {fired}{quiet}\n", entry.name))
}

#[test]
fn samples_set_off_what_the_list_says() {
    let lines: Vec<String> = trailwarden_catalogue::all().iter().filter_map(line).collect();
    assert!(lines.len() > 200);
    expect_file!["samples.txt"].assert_eq(&lines.concat());
}
