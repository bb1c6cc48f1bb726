//! The account as it would be after calls that nobody has made yet.
//!
//! A call becomes the record that CloudTrail would write of it, and that is folded like any other: so
//! what a plan does is judged by the same rules as what somebody did. Nobody stands behind these
//! records, and their time is that of the plan.
//!
//! # Invariants
//! - The model after a foreseen call equals the model after the real record of the same call
//!   (`foresee/tests.rs`).
//! - What cannot be foreseen is said ([`Call::Unforeseen`]); it never looks like a call that does nothing.
//!
//! Sources: CloudTrail User Guide, "CloudTrail record contents" (`requestParameters`); IAM User Guide,
//! "Versioning IAM policies".

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};
use trailwarden_model::Timestamp;
use trailwarden_record::Event;
use trailwarden_record::row::Place;

use crate::change::{Change, Subject, Touched};
use crate::entry::{Entry, is_folded, order_of};
use crate::fact::Proof;
use crate::model::Model;

/// The event id of all foreseen records.
const EVENT_ID: &str = "foreseen";

/// Calls taken one after the other into a copy of a model.
#[derive(Clone, Debug)]
pub struct Foreseeing {
    before: Model,
    model: Model,
    /// When the next call is made: each has a second of its own, so that none seems to be of unknown order.
    next: Timestamp,
    touched: Vec<Touched>,
    proof: Option<Proof>,
}

/// What came of one call.
#[derive(Clone, PartialEq, Debug)]
pub enum Call {
    /// It was taken in; with the parts of its reply that can be told beforehand, by their API names.
    Folded(Value),
    /// It changes nothing that a model holds.
    Elsewhere,
    /// The model would change, and nobody can say how.
    Unforeseen,
}

impl Foreseeing {
    /// From an account as it is known, at that time or right after the last that is known of it.
    #[must_use]
    pub fn new(model: &Model, at: Timestamp) -> Self {
        let known = model.time().map_or(at, |time| time.plus(1));
        Self {
            before: model.clone(),
            model: model.clone(),
            next: at.max(known),
            touched: Vec::new(),
            proof: None,
        }
    }

    /// Takes in a call with its parameters by their API names. Secrets are left out; a parameter of which
    /// only the call itself will tell the value must not be: then the call is unforeseen.
    pub fn call(&mut self, service: &str, operation: &str, input: &Map<String, Value>) -> Call {
        if !is_folded(service, operation) {
            return Call::Elsewhere;
        }
        let reply = reply(&self.model, operation, input, self.next);
        let Some(entry) = entry(&self.model, self.next, (service, operation), input, &reply) else {
            return Call::Unforeseen;
        };
        let mut model = self.model.clone();
        let touched = model.fold(&entry);
        // Where the call does not fit what is known, AWS may refuse it or do something else; and of some
        // calls only the reply names what they make.
        let is_open =
            |one: &Touched| matches!(one.subject, Subject::AnyIdentity(_) | Subject::AnyPolicy);
        let is_odd = model.gaps().len() > self.model.gaps().len();
        if touched.is_empty() || is_odd || touched.iter().any(is_open) {
            return Call::Unforeseen;
        }
        self.model = model;
        self.next = self.next.plus(1);
        self.touched.extend(touched);
        self.proof = Some(entry.proof);
        Call::Folded(reply)
    }

    /// The account as it would be.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Begins anew from there: what follows is another change.
    pub fn settle(&mut self) {
        self.before = self.model.clone();
        self.touched.clear();
        self.proof = None;
    }

    /// All calls since the beginning, or since the last [`Foreseeing::settle`], as one change; none where
    /// they changed nothing of the model.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        Some(Change {
            proof: self.proof.clone()?,
            touched: self.touched.clone(),
            before: self.before.clone(),
            informed: self.before.clone(),
            after: self.model.clone(),
        })
    }
}

/// The record of a call, as the model keeps it.
fn entry(
    model: &Model,
    at: Timestamp,
    (service, operation): (&str, &str),
    input: &Map<String, Value>,
    reply: &Value,
) -> Option<Entry> {
    let input = Value::Object(input.clone());
    let record = json!({
        "eventVersion": "1.11",
        "eventTime": at.to_string(),
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": operation,
        "awsRegion": "us-east-1",
        "requestParameters": as_recorded(&input),
        "responseElements": as_recorded(reply),
        "eventID": EVENT_ID,
        "eventType": "AwsApiCall",
        "recipientAccountId": model.account().to_string(),
    });
    let event = Event::decode(record.to_string().as_bytes()).ok()?;
    let mut entry = Entry::of(&event, order_of(&event), Place::default())?;
    entry.partition = model.partition.clone();
    Some(entry)
}

/// What AWS replies, as far as it can be told beforehand and a later call may refer to it.
fn reply(model: &Model, operation: &str, input: &Map<String, Value>, at: Timestamp) -> Value {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    match operation {
        "CreatePolicy" => {
            let path = if text("Path").is_empty() { "/" } else { text("Path") };
            let (partition, account) = (model.partition(), model.account());
            let name = text("PolicyName");
            json!({"Policy": {
                "PolicyName": name, "DefaultVersionId": "v1",
                "Arn": format!("arn:{partition}:iam::{account}:policy{path}{name}"),
            }})
        }
        // Numbers are never used again. Where some were not seen, the true one is higher, and what counts is
        // that it is newer.
        "CreatePolicyVersion" => {
            let newest = model.policy(text("PolicyArn")).map_or(1, |policy| policy.newest);
            let is_default = input.get("SetAsDefault") == Some(&Value::Bool(true));
            json!({"PolicyVersion": {
                "VersionId": format!("v{}", newest.saturating_add(1)), "IsDefaultVersion": is_default,
            }})
        }
        "CreateAccessKey" => json!({"AccessKey": {
            "UserName": text("UserName"), "Status": "Active",
            "AccessKeyId": format!("{NEW_KEY}{}", at.seconds()),
        }}),
        _ => Value::Null,
    }
}

/// What stands for the id of a key that will be made, which nobody knows yet.
pub const NEW_KEY: &str = "new-key-";

/// Members by the names that CloudTrail gives them: those of the API with a small first letter.
fn as_recorded(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            Value::Object(members.map(|(name, it)| (small(name), as_recorded(it))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(as_recorded).collect()),
        other => other.clone(),
    }
}

fn small(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
