//! Pseudonyms for a file that is shared: who and what disappears, how it hangs together stays.
//!
//! A name is replaced word by word, by a keyed hash of the word: the same word gives the same
//! pseudonym everywhere in the file, so a group is still the group that a user names, and `corp-logs-*`
//! still covers `corp-logs-prod`. What AWS itself owns or spells stays: actions, condition keys, services,
//! regions, dates, its own policies and roles.
//!
//! # Invariants
//! - What is not known to be harmless is replaced; the lists here name what stays.
//! - Without the key nobody can tell a word from its pseudonym, short of guessing from the structure.
//!   Whoever calls throws the key away.
//!
//! # Limits
//! A wildcard in the midst of a word (`cor*`) covers nothing afterwards, and public addresses become
//! addresses of a range for tests, each for itself, so that ranges no longer hold what they held.

mod filter;
mod report;
mod words;

use serde_json::{Map, Value};

use super::{Answer, Outcome, Snapshot};
use words::Words;

/// Members whose text AWS spells.
const KEPT: &[&str] = &[
    "Action",
    "AlternateContactType",
    "ComparisonOperator",
    "DefaultVersionId",
    "Effect",
    "EnabledFeatures",
    "FeatureSet",
    "Field",
    "Filter",
    "HomeRegion",
    "InsightType",
    "JoinedMethod",
    "MFADelete",
    "NotAction",
    "Permission",
    "PrincipalType",
    "Protocol",
    "ReadWriteType",
    "RegionName",
    "RegionOptStatus",
    "ReportFormat",
    "Service",
    "ServicePrincipal",
    "State",
    "Statistic",
    "Status",
    "TargetType",
    "Type",
    "Version",
    "VersionId",
    "status",
    "type",
];
/// Names beside an ARN; of AWS's own policies they are AWS's.
const NAMES: &[&str] = &["PolicyName", "Name"];
const ARNS: &[&str] = &["PolicyArn", "Arn", "PermissionsBoundaryArn"];

impl Snapshot {
    /// The same with pseudonyms. `key` must be random, and thrown away.
    #[must_use]
    pub fn redacted(&self, key: &[u8; 32]) -> Self {
        let words = Words::new(key);
        Self {
            account: words.account(self.account),
            redacted: true,
            answers: self.answers.iter().map(|answer| of_answer(&words, answer)).collect(),
            ..self.clone()
        }
    }
}

fn of_answer(words: &Words, answer: &Answer) -> Answer {
    let about = answer.about.iter().map(|(name, value)| {
        let is_kept = KEPT.contains(&name.as_str()) || value == "default";
        (name.clone(), if is_kept { value.clone() } else { words.text(value) })
    });
    Answer {
        about: about.collect(),
        outcome: of_outcome(words, &answer.api, &answer.outcome),
        ..answer.clone()
    }
}

fn of_outcome(words: &Words, api: &str, outcome: &Outcome) -> Outcome {
    // Messages name callers and resources; the code before the colon says enough.
    let code = |message: &str| message.split(':').next().unwrap_or_default().to_owned();
    let body = |body: &Value| match api {
        "iam:GetCredentialReport" => report::redacted(words, body),
        _ => value(words, "", body),
    };
    match outcome {
        Outcome::Got { body: told } => Outcome::Got { body: body(told) },
        Outcome::Implied { body: told, by } => {
            Outcome::Implied { body: body(told), by: by.clone() }
        }
        Outcome::Partial { body: told, message } => {
            Outcome::Partial { body: body(told), message: code(message) }
        }
        Outcome::Absent { message } => Outcome::Absent { message: code(message) },
        Outcome::Denied { message } => Outcome::Denied { message: code(message) },
        Outcome::Throttled { message } => Outcome::Throttled { message: code(message) },
        Outcome::Unsupported { message } => Outcome::Unsupported { message: code(message) },
        Outcome::Failed { message } => Outcome::Failed { message: code(message) },
    }
}

/// A value of a member of that name.
fn value(words: &Words, name: &str, told: &Value) -> Value {
    match told {
        Value::Object(members) => object(words, members),
        Value::Array(items) => items.iter().map(|item| value(words, name, item)).collect(),
        Value::String(_) if KEPT.contains(&name) => told.clone(),
        Value::String(text) if name == "filterPattern" => filter::redacted(words, text).into(),
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            // A policy as text.
            Ok(Value::Object(members)) => object(words, &members).to_string().into(),
            _ => words.text(text).into(),
        },
        _ => told.clone(),
    }
}

fn object(words: &Words, members: &Map<String, Value>) -> Value {
    let is_of_aws = ARNS.iter().any(|arn| {
        let arn = members.get(*arn).and_then(Value::as_str);
        arn.is_some_and(|arn| arn.contains(":iam::aws:"))
    });
    let redacted = members.iter().map(|(name, told)| {
        let told = match is_of_aws && NAMES.contains(&name.as_str()) {
            true => told.clone(),
            false => value(words, name, told),
        };
        (words.condition_key(name), told)
    });
    Value::Object(redacted.collect())
}
