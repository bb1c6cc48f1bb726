//! What is new since an earlier scan.

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use trailwarden_detect::detections::access_key_for_another_user::DETECTION;
use trailwarden_detect::{Settings, reference};
use trailwarden_model::{Finding, Severity};
use trailwarden_runtime::previous::only_new;

fn findings(trail: &str) -> Vec<Finding> {
    reference::judge_trail(trail, &[&DETECTION], &Settings::default()).unwrap()
}

#[test]
fn a_finding_that_has_become_graver_is_told_again() {
    let now = findings("mallory iam:CreateAccessKey user/alice");
    let mut before = now.clone();
    assert!(only_new(now.clone(), &before).is_empty());
    before[0].severity = Severity::Low;
    assert_eq!(only_new(now.clone(), &before), now);
    before[0].severity = Severity::Critical;
    assert!(only_new(now, &before).is_empty());
}

/// Shared evidence alone replaces nothing: the old finding must be gone.
#[test]
fn what_still_stands_is_not_superseded() {
    let old = findings("mallory iam:CreateAccessKey user/alice");
    let mut new = old[0].clone();
    new.id = "tw-0000000000000001".to_owned();
    let told = only_new(vec![old[0].clone(), new.clone()], &old);
    assert_eq!(told, [new.clone()], "a second story about one record");
    let told = only_new(vec![new], &old);
    assert_eq!(told[0].supersedes, [old[0].id.as_str()], "the first story is gone");
}
