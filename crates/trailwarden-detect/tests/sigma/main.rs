//! Sigma: the matcher against a slow reference, each tricky meaning alone, correlations, faults.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod corpus;
mod correlations;
mod faults;
mod generated;
mod json;
mod reference;
mod semantics;

use trailwarden_detect::sigma::{RuleSet, Source};

/// A rule of one detection section for CloudTrail.
fn rule(detection: &str) -> String {
    let mut text = String::from(
        "title: t\nid: t\nlogsource:\n  product: aws\n  service: cloudtrail\ndetection:\n",
    );
    for line in detection.lines() {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Loads what must load without a word.
fn load(text: &str) -> RuleSet {
    let (rules, errors) = RuleSet::load(&[Source { name: "t.yml".into(), text: text.into() }]);
    assert_eq!(errors, [], "{text}");
    rules
}

/// Whether any rule of the set matches the record; the index must agree.
fn matches(rules: &RuleSet, record: &str) -> bool {
    let value: sonic_rs::Value = sonic_rs::from_str(record).unwrap();
    let found = !rules.evaluate(&value).is_empty();
    let parsed = json::parse(record);
    let may = rules.may_match(
        parsed.top_text("eventName"),
        parsed.top_text("eventSource"),
        record.as_bytes(),
    );
    assert!(may || !found, "the index rules out a match: {record}");
    found
}
