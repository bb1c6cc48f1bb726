//! What lint says of conditions, held against the evaluator: a condition that is called never true,
//! always true, or met without its key, is so for every request that is tried.

#![expect(clippy::unwrap_used, reason = "the texts are written in this file")]

use proptest::prelude::*;
use trailwarden_policy::evaluate::{Caller, Compiled, Context, Input, Outcome, Request, decide};
use trailwarden_policy::lint::{LintFinding, lint};
use trailwarden_policy::{Document, PolicyKind};

/// A key, whether every request has it, and values that requests may have.
type Key = (&'static str, bool, &'static [&'static str]);

const KEYS: &[Key] = &[
    ("aws:username", false, &["a", "b", "ab", "A"]),
    ("aws:RequestedRegion", true, &["a", "b", "ab"]),
    ("aws:SourceIp", false, &["203.0.113.7", "203.0.113.8", "198.51.100.1"]),
    ("aws:MultiFactorAuthAge", false, &["4", "5", "6", "7", "8"]),
    ("aws:MultiFactorAuthPresent", false, &["true", "false"]),
    ("aws:CurrentTime", true, &["2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z"]),
    ("aws:SecureTransport", true, &["true", "false"]),
];

const FAMILIES: &[(&[&str], &[&str])] = &[
    (
        &[
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
        ],
        &["a", "b", "A", "a*", "*", "?", ""],
    ),
    (&["Bool", "Null"], &["true", "false"]),
    (
        &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        &["5", "7", "6.0"],
    ),
    (
        &["DateLessThan", "DateGreaterThan", "DateLessThanEquals", "DateGreaterThanEquals"],
        &["2026-01-01", "2026-06-01T00:00:00Z", "1798761599"],
    ),
    (&["IpAddress", "NotIpAddress"], &["203.0.113.0/24", "203.0.113.7", "0.0.0.0/0", "10.0.0.0/8"]),
];

fn operator_and_values() -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let set = prop_oneof![4 => Just(""), 1 => Just("ForAllValues:"), 1 => Just("ForAnyValue:")];
    let if_exists = prop_oneof![3 => Just(""), 1 => Just("IfExists")];
    let of_family = prop::sample::select(FAMILIES).prop_flat_map(|(operators, values)| {
        let values = prop::collection::vec(prop::sample::select(values), 1..3);
        (prop::sample::select(operators), values)
    });
    (set, of_family, if_exists).prop_map(|(set, (operator, values), if_exists)| {
        let if_exists = if operator == "Null" { "" } else { if_exists };
        (format!("{set}{operator}{if_exists}"), values)
    })
}

/// A key, and a policy with conditions on it alone.
fn policy() -> impl Strategy<Value = (Key, bool, String)> {
    let conditions = prop::collection::btree_map(operator_and_values(), Just(()), 1..4);
    (prop::sample::select(KEYS), any::<bool>(), conditions).prop_map(|(key, denies, conditions)| {
        let mut block = serde_json::Map::new();
        for (operator, values) in conditions.into_keys() {
            block.insert(operator, serde_json::json!({ key.0: values }));
        }
        let effect = if denies { "Deny" } else { "Allow" };
        let text = serde_json::json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": effect, "Action": "*", "Resource": "*", "Condition": block }] });
        (key, denies, text.to_string())
    })
}

/// Whether the statement of the policy applies to a request with this value of the key; none where
/// the evaluator does not say, as AWS's pages do not.
fn applies(text: &str, denies: bool, key: Key, value: Option<&str>) -> Option<bool> {
    let everything = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let texts: &[&str] = if denies { &[text, everything] } else { &[text] };
    let compiled: Vec<Compiled> = texts
        .iter()
        .map(|text| Compiled::new("p", &Document::parse(text).unwrap(), PolicyKind::Identity))
        .collect();
    let context = match value {
        Some(value) => Context::complete().with(key.0, value),
        None => Context::complete(),
    };
    let caller = Caller::parse("arn:aws:iam::111122223333:user/u").unwrap();
    let request = Request::new(caller, "s3:ListAllMyBuckets", "*", &context);
    let outcome = decide(&Input { identity: &compiled, ..Input::new(request) });
    let applied = if denies { Outcome::ExplicitDeny } else { Outcome::Allow };
    (outcome != Outcome::Unknown).then_some(outcome == applied)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_lint_says_of_conditions_is_what_is_decided((key, denies, text) in policy()) {
        let findings: Vec<LintFinding> = lint(&text, Some(PolicyKind::Identity));
        let says = |id: &str| findings.iter().find(|finding| finding.check.id == id);
        let (_, is_always_there, values) = key;
        let mut requests: Vec<Option<&str>> = values.iter().copied().map(Some).collect();
        if !is_always_there {
            requests.push(None);
        }
        let outcomes = || requests.iter().map(|value| applies(&text, denies, key, *value));

        if says("condition-never-true").is_some() {
            prop_assert!(!outcomes().any(|applies| applies == Some(true)), "never true: {text}");
        }
        let is_alone = text.matches("aws:").count() == 1;
        if let Some(finding) = says("condition-always-true")
            && is_alone
            && finding.message.ends_with("every request")
        {
            prop_assert!(outcomes().all(|applies| applies != Some(false)), "always true: {text}");
        }
        if says("condition-always-true").is_some() && is_alone {
            let mut present = values.iter();
            prop_assert!(present.all(|value| applies(&text, denies, key, Some(value)) != Some(false)), "{text}");
        }
        let without_key = applies(&text, denies, key, None).filter(|_| !is_always_there);
        if denies && (says("deny-that-absent-key-disarms").or(says("mfa-condition-that-access-keys-pass"))).is_some() {
            prop_assert!(without_key != Some(true), "a Deny that the absent key meets: {text}");
        }
        if !denies && (says("allow-that-absent-key-passes").or(says("mfa-condition-that-access-keys-pass"))).is_some() && is_alone {
            prop_assert!(without_key != Some(false), "an Allow that the absent key does not meet: {text}");
        }
    }
}
