//! Sigma: the matcher against a slow reference, each tricky meaning alone, correlations, faults.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod corpus;
mod correlations;
mod faults;
mod generated;
mod json;
mod memo;
mod reference;
mod semantics;

use trailwarden_detect::sigma::{Memo, RuleSet, Source};
use trailwarden_record::skim::Outline;
use trailwarden_record::{Skim, redact};

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

/// Whether any rule of the set matches the record; the planned way must agree.
fn matches(rules: &RuleSet, record: &str) -> bool {
    let mut memo = Memo::new(rules.clone());
    assert_planned(&mut memo, record);
    !evaluated(rules, record).is_empty()
}

/// What all rules say of the record without its secrets, encoded.
fn evaluated(rules: &RuleSet, record: &str) -> Vec<u8> {
    let value: sonic_rs::Value = sonic_rs::from_slice(&redact::bytes(record.as_bytes())).unwrap();
    let mut out = Vec::new();
    rules.evaluate(&value).encode(&mut out);
    out
}

/// The plan and the memo say of the record what all rules say; asked twice, so that the memo speaks
/// from memory too.
fn assert_planned(memo: &mut Memo, record: &str) {
    let expected = evaluated(memo.rules(), record);
    let parsed = json::parse(record);
    let (name, source) = (parsed.top_text("eventName"), parsed.top_text("eventSource"));
    let plan = memo.rules().plan(name, source);
    let mut outline = Outline::default();
    let mut skim = Skim::default();
    let outlined = skim.read_into(record.as_bytes(), 0, 128, Some(&mut outline)).is_ok();
    let outline = (outlined && skim.plain).then_some(&outline);
    for outline in [None, outline, None, outline] {
        let matched = memo.encoded(plan, record.as_bytes(), outline);
        assert_eq!(matched, expected, "{plan:?}: {record}");
    }
}
