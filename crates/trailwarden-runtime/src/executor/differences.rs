//! What of an account is not as it was captured, but for what a step says is not brought back.

use serde_json::Value;
use trailwarden_account::snapshot::Answer;
use trailwarden_remedy::documents::{is_same_policy, is_same_value, parse};
use trailwarden_remedy::plan::Input;

use super::World;
use super::going::Going;
use super::look::Look;

/// What differs from the answers of before, as places in answers, or as questions that were not
/// answered.
pub(super) fn since(world: &dyn World, going: &Going<'_>, before: &[Answer]) -> Vec<String> {
    let mut look = Look::new(world);
    let mut found = Vec::new();
    for old in before {
        let about = old.about.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
        let input: Input = about.collect();
        let new = look.ask(&old.api, going.region(), &input);
        if let Some(why) = new.why_not() {
            found.push(why);
            continue;
        }
        let nothing = Value::Null;
        let (old_body, new_body) = (old.body().unwrap_or(&nothing), new.body().unwrap_or(&nothing));
        compare(&old.api, old_body, new_body, &going.step.volatile, &mut found);
    }
    found
}

/// Adds the places where two answers differ.
fn compare(place: &str, old: &Value, new: &Value, volatile: &[String], found: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(was), Value::Object(is)) => {
            let names = was.keys().chain(is.keys().filter(|name| !was.contains_key(*name)));
            for name in names.filter(|name| !is_volatile(name, volatile)) {
                let (was, is) = (was.get(name), is.get(name));
                let (was, is) = (was.unwrap_or(&Value::Null), is.unwrap_or(&Value::Null));
                compare(&format!("{place} > {name}"), was, is, volatile, found);
            }
        }
        (was, is) => {
            let is_same = is_same_value(&stripped(was, volatile), &stripped(is, volatile));
            if !is_same && !is_same_document(was, is) {
                found.push(place.to_owned());
            }
        }
    }
}

/// AWS keeps neither white space nor order of a policy document, and tells some as text.
fn is_same_document(was: &Value, is: &Value) -> bool {
    let is_document = |value: &Value| value.as_str().and_then(parse).is_some();
    is_document(was) && is_same_policy(was, is)
}

/// When something was made, used or changed is of its history, which no undo brings back.
fn is_volatile(name: &str, volatile: &[String]) -> bool {
    volatile.iter().any(|it| it == name)
        || ["Date", "Time", "LastUsed"].iter().any(|end| name.ends_with(end))
}

fn stripped(value: &Value, volatile: &[String]) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !is_volatile(name, volatile));
            Value::Object(
                kept.map(|(name, value)| (name.clone(), stripped(value, volatile))).collect(),
            )
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| stripped(item, volatile)).collect())
        }
        scalar => scalar.clone(),
    }
}
