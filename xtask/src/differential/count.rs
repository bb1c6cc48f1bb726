//! What a run covered: answers, policy kinds and operators, counted by what *decided*.
//!
//! A condition decides a case when the answer differs between a world in which it holds and one in
//! which it does not: our evaluator is asked twice more, once with the condition taken out and once
//! with the statement under another condition that never holds. A policy kind decides when the
//! answer differs without it. So an operator that is merely written somewhere counts for nothing.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use super::minimise::escaped;
use super::operator;
use super::programs::{Answer, Programs};

/// The members of a case that hold policies.
pub(crate) const KINDS: &[&str] = &[
    "identityPolicies",
    "resourcePolicy",
    "boundary",
    "sessionPolicy",
    "scps",
    "rcps",
    "endpointPolicies",
];

/// How often an operator decided.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Hits {
    /// The condition held, and without that the answer would be another.
    pub(crate) held: u64,
    /// It did not hold, and with that the answer would be another.
    pub(crate) failed: u64,
}

impl Hits {
    pub(crate) fn all(self) -> u64 {
        self.held + self.failed
    }
}

/// How often a policy kind was there, and decided.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Presence {
    pub(crate) cases: u64,
    pub(crate) decided: u64,
}

/// The counts of a run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) outcomes: BTreeMap<String, u64>,
    pub(crate) principals: BTreeMap<&'static str, u64>,
    pub(crate) cross_account: u64,
    pub(crate) kinds: BTreeMap<&'static str, Presence>,
    /// By operator, then by form: `""`, `IfExists`, `ForAnyValue`...
    pub(crate) operators: BTreeMap<&'static str, BTreeMap<String, Hits>>,
}

impl Counts {
    /// How often an operator decided, in all its forms.
    pub(crate) fn hits(&self, name: &str) -> u64 {
        self.operators.get(name).map_or(0, |forms| forms.values().map(|hits| hits.all()).sum())
    }
}

/// One question asked besides the case itself.
struct Variant {
    case: usize,
    asks: Asks,
}

enum Asks {
    Without(&'static str),
    Holds { operator: String },
    Fails,
}

/// Asks our evaluator what decided each case, and adds it up.
pub(crate) fn count(
    counts: &mut Counts,
    programs: &Programs,
    cases: &[Value],
    ours: &[Answer],
) -> Result<()> {
    for (name, _) in operator::OPERATORS {
        counts.operators.entry(name).or_default();
    }
    let mut variants = Vec::new();
    let mut questions = Vec::new();
    for (index, (case, answer)) in cases.iter().zip(ours).enumerate() {
        *counts.outcomes.entry(plain(answer)).or_default() += 1;
        *counts.principals.entry(principal(case)).or_default() += 1;
        counts.cross_account += u64::from(is_cross(case));
        for kind in KINDS {
            if case.get(kind).is_some() {
                counts.kinds.entry(kind).or_default().cases += 1;
                let mut without = case.clone();
                without.as_object_mut().map(|members| members.remove(*kind));
                questions.push(without);
                variants.push(Variant { case: index, asks: Asks::Without(kind) });
            }
        }
        for (place, written) in conditions(case) {
            questions.push(held(case, &place, &written));
            let operator = written.0.clone();
            variants.push(Variant { case: index, asks: Asks::Holds { operator } });
            questions.push(failed(case, &place));
            variants.push(Variant { case: index, asks: Asks::Fails });
        }
    }
    let answers = programs.ours(&questions)?.all;
    let mut when_held: Option<(&str, &Answer)> = None;
    for (variant, answer) in variants.iter().zip(&answers) {
        let Some(said) = ours.get(variant.case) else {
            continue;
        };
        match &variant.asks {
            Asks::Without(kind) => {
                let decided = u64::from(answer != said);
                counts.kinds.entry(kind).or_default().decided += decided;
            }
            Asks::Holds { operator } => when_held = Some((operator, answer)),
            Asks::Fails => {
                if let Some((written, held)) = when_held.take() {
                    tell(counts, written, said, held, answer);
                }
            }
        }
    }
    Ok(())
}

fn tell(counts: &mut Counts, written: &str, said: &Answer, held: &Answer, failed: &Answer) {
    let Some(base) = operator::base(written) else {
        return;
    };
    if held == failed {
        return;
    }
    let hits =
        counts.operators.entry(base).or_default().entry(operator::form(written)).or_default();
    if said == held {
        hits.held += 1;
    } else {
        hits.failed += 1;
    }
}

fn plain(answer: &Answer) -> String {
    match answer {
        Answer::Error(_) => "error".to_owned(),
        other => other.to_string(),
    }
}

pub(crate) fn principal(case: &Value) -> &'static str {
    let arn = case.get("principal").and_then(Value::as_str).unwrap_or("");
    match arn {
        "anonymous" => "anonymous",
        _ if arn.contains(":user/") => "user",
        _ if arn.contains(":assumed-role/") => "role session",
        _ if arn.contains(":federated-user/") => "federated user",
        _ if arn.ends_with(":root") => "root",
        _ => "service",
    }
}

pub(crate) fn account(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or("")
}

fn is_cross(case: &Value) -> bool {
    let text = |name: &str| case.get(name).and_then(Value::as_str).unwrap_or("");
    let caller = account(text("principal"));
    !caller.is_empty() && caller != text("resourceAccount")
}

/// Each condition of a case: the place of its block, and operator and key as written.
fn conditions(case: &Value) -> Vec<(String, (String, String))> {
    let mut found = Vec::new();
    for kind in KINDS {
        if let Some(value) = case.get(kind) {
            blocks(value, format!("/{kind}"), &mut found);
        }
    }
    found
}

fn blocks(value: &Value, place: String, found: &mut Vec<(String, (String, String))>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                blocks(item, format!("{place}/{index}"), found);
            }
        }
        Value::Object(members) => {
            if let Some(Value::Object(block)) = members.get("Condition") {
                for (operator, under) in block {
                    for key in under.as_object().into_iter().flat_map(serde_json::Map::keys) {
                        found.push((format!("{place}/Condition"), (operator.clone(), key.clone())));
                    }
                }
            }
            if let Some(statement) = members.get("Statement") {
                blocks(statement, format!("{place}/{}", escaped("Statement")), found);
            }
        }
        _ => {}
    }
}

fn held(case: &Value, place: &str, (operator, key): &(String, String)) -> Value {
    let mut copy = case.clone();
    if let Some(Value::Object(block)) = copy.pointer_mut(place) {
        let is_empty = match block.get_mut(operator) {
            Some(Value::Object(under)) => {
                under.remove(key);
                under.is_empty()
            }
            _ => false,
        };
        if is_empty {
            block.remove(operator);
        }
    }
    copy
}

fn failed(case: &Value, place: &str) -> Value {
    let mut copy = case.clone();
    if let Some(Value::Object(block)) = copy.pointer_mut(place) {
        let never = ("example:Nothing".to_owned(), json!("false"));
        match block.get_mut("Null") {
            Some(Value::Object(under)) => {
                under.insert(never.0, never.1);
            }
            _ => {
                block.insert("Null".to_owned(), json!({ never.0: never.1 }));
            }
        }
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_condition_is_taken_out_and_made_false() {
        let case = json!({"scps": [[{"Statement": {"Effect": "Deny", "Condition":
            {"StringLike": {"aws:a/b": "c", "d": "e"}, "Null": {"f": true}}}}]]});
        let found = conditions(&case);
        assert_eq!(found.len(), 3);
        let (place, written) = found.iter().find(|(_, (_, key))| key == "aws:a/b").unwrap();
        assert_eq!(place, "/scps/0/0/Statement/Condition");
        let without = held(&case, place, written);
        assert_eq!(
            without.pointer(place),
            Some(&json!({"StringLike": {"d": "e"}, "Null": {"f": true}}))
        );
        let never = failed(&case, place);
        assert_eq!(
            never.pointer(&format!("{place}/Null")),
            Some(&json!({"f": true, "example:Nothing": "false"}))
        );
    }
}
