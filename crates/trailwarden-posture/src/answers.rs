//! What AWS answered, as checks ask for it: a body, or the reason why there is none.
//!
//! A body is what the AWS CLI prints. `null` is an answer too: AWS said that there is no such thing,
//! as with the password policy of an account that never set one. An answer that ended before its
//! last page is none here, for nobody may conclude from what it lacks.

use serde_json::Value;
use trailwarden_account::snapshot::{Answer, Outcome, Snapshot};

/// Something that a check needed and nobody knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, thiserror::Error)]
#[error("{what} {why}")]
pub struct Missing {
    /// What, such as `iam:GetCredentialReport`.
    pub what: String,
    /// Why, as the rest of a sentence.
    pub why: String,
}

/// Known, or missing.
pub type Known<T> = Result<T, Missing>;

static ABSENT: Value = Value::Null;

impl Missing {
    /// Something missing.
    #[must_use]
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into() }
    }

    /// A call that nobody made.
    #[must_use]
    pub fn not_asked(call: &str) -> Self {
        Self::new(format!("`{call}`"), "was not asked")
    }

    /// A call whose answer has not the shape that AWS documents.
    #[must_use]
    pub fn not_understood(call: &str) -> Self {
        Self::new(format!("`{call}`"), "gave an answer that is not understood")
    }
}

/// The body of an answer.
pub fn body(answer: &Answer) -> Known<&Value> {
    if answer.is_absent() {
        return Ok(&ABSENT);
    }
    let place = match (answer.about.values().next(), &answer.region) {
        (Some(about), _) => format!(" of {about}"),
        (None, Some(region)) => format!(" in {region}"),
        (None, None) => String::new(),
    };
    let why = match &answer.outcome {
        Outcome::Got { body } | Outcome::Implied { body, .. } => return Ok(body),
        Outcome::Absent { .. } | Outcome::Partial { .. } => "ended before its last page",
        Outcome::Denied { .. } => "was denied",
        Outcome::Throttled { .. } => "was throttled",
        Outcome::Unsupported { .. } => "is not supported there",
        Outcome::Failed { .. } => "failed",
    };
    Err(Missing::new(format!("`{}`{place}", answer.api), why))
}

/// The answer to a question about the whole account. Of several, any that was answered: one region
/// is as good as another for what is global.
pub fn one<'s>(snapshot: &'s Snapshot, call: &str) -> Known<&'s Value> {
    let of_call = || snapshot.answers.iter().filter(|answer| answer.api == call);
    let best = of_call().find(|answer| answer.is_known()).or_else(|| of_call().next());
    body(best.ok_or_else(|| Missing::not_asked(call))?)
}

/// The answer to a question about one thing.
pub fn about<'s>(
    snapshot: &'s Snapshot,
    call: &str,
    parameter: &str,
    value: &str,
) -> Known<&'s Value> {
    let mut of_call = snapshot.answers.iter().filter(|answer| answer.api == call);
    let found = of_call.find(|answer| answer.is_about(parameter, value));
    body(found.ok_or_else(|| Missing::new(format!("`{call}` of {value}"), "was not asked"))?)
}

/// All answers to a question that is asked in each region; missing when it was asked nowhere.
pub fn everywhere<'s>(snapshot: &'s Snapshot, call: &str) -> Known<Vec<&'s Answer>> {
    let all: Vec<&Answer> = snapshot.answers.iter().filter(|answer| answer.api == call).collect();
    match all.is_empty() {
        true => Err(Missing::not_asked(call)),
        false => Ok(all),
    }
}

/// The items of a list in an answer; an absent list is an empty one, another shape is missing.
pub fn items<'v>(call: &str, body: &'v Value, member: &str) -> Known<&'v [Value]> {
    match body.get(member) {
        Some(Value::Array(items)) => Ok(items),
        Some(Value::Null) | None => Ok(&[]),
        Some(_) => Err(Missing::not_understood(call)),
    }
}

/// A text in a JSON value, empty where there is none.
#[must_use]
pub fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// A flag in a JSON value, false where there is none.
#[must_use]
pub fn flag(value: &Value, member: &str) -> bool {
    value.get(member).and_then(Value::as_bool).unwrap_or_default()
}
