//! When two documents, or two values, are the same though AWS tells them otherwise than they were given.
//!
//! AWS keeps what a document means, not how it was written: it shows an account for the id that was
//! given, a text for a list of one, and the id of a principal that was deleted since. Answers have empty
//! lists and members that no call gave. Both sides are brought into one form, and the forms compared.
//!
//! # Invariants
//! - Documents are the same only when they allow and deny the same: what is dropped or sorted says nothing.
//! - The programs of plans compare alike (`render/canonical.py.txt`, held together by
//!   `tests/comparing.rs`).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{parse, statements, with_statements};
use crate::plan::canonical;

/// What a document without a version is of ("IAM JSON policy elements: Version", IAM User Guide).
const VERSION: &str = "2008-10-17";

/// Whether two policy documents say the same; either may be JSON, or text that holds it.
///
/// An account's id and the ARN of its root user name one principal, `*` is every principal, and the id
/// of a user or role among principals stands for one that was deleted: it names nobody ("AWS JSON policy
/// elements: Principal", IAM User Guide). A statement about nobody says nothing.
#[must_use]
pub fn is_same_policy(one: &Value, other: &Value) -> bool {
    policy(one) == policy(other)
}

/// Whether two values of an answer say the same: members that are null or empty say nothing, and lists
/// are compared without their order, which settings of AWS do not have.
///
/// This is about what an answer holds. That there is no such thing at all is no empty value: whoever asks
/// must tell the two apart.
#[must_use]
pub fn is_same_value(one: &Value, other: &Value) -> bool {
    settled(one) == settled(other)
}

/// The document as AWS takes it again: without the ids of deleted principals, which it refuses. One
/// without such ids stays letter by letter; `None` when no statement is left.
#[must_use]
pub fn without_deleted(document: &Value) -> Option<Value> {
    let all = statements(document);
    let kept: Vec<Value> = all.iter().filter_map(spared).collect();
    match kept == all {
        true => Some(document.clone()),
        false => (!kept.is_empty()).then(|| with_statements(document, kept)),
    }
}

/// A statement without the ids of deleted principals; `None` when it was about them only.
fn spared(statement: &Value) -> Option<Value> {
    let Some(named) = statement.get("Principal").and_then(|it| it.get("AWS")) else {
        return Some(statement.clone());
    };
    let kept: Vec<Value> = listed(named).filter(|it| !is_deleted(it)).cloned().collect();
    if kept.len() == listed(named).count() {
        return Some(statement.clone());
    }
    let mut changed = statement.clone();
    let principals = changed.get_mut("Principal")?.as_object_mut()?;
    match kept.is_empty() {
        true => principals.remove("AWS"),
        false => principals.insert("AWS".to_owned(), Value::Array(kept)),
    };
    (!principals.is_empty()).then_some(changed)
}

fn policy(document: &Value) -> Value {
    let parsed = document.as_str().and_then(parse);
    let document = parsed.as_ref().unwrap_or(document);
    let Some(members) = document.as_object() else { return document.clone() };
    let mut out = Map::new();
    for (name, value) in members.iter().filter(|(_, value)| !is_empty(value)) {
        let value = match name.as_str() {
            "Statement" => sorted(listed(value).filter_map(statement).collect()),
            _ => value.clone(),
        };
        out.insert(name.clone(), value);
    }
    out.entry("Version").or_insert_with(|| VERSION.into());
    Value::Object(out)
}

/// The form of a statement; `None` when it is about nobody.
fn statement(statement: &Value) -> Option<Value> {
    let Some(members) = statement.as_object() else { return Some(statement.clone()) };
    let mut out = Map::new();
    for (name, value) in members {
        let value = match name.as_str() {
            "Action" | "NotAction" | "Resource" | "NotResource" => texts(value),
            "Principal" => {
                let named = principals(value, |it| !is_deleted(it));
                if is_empty(&named) {
                    return None;
                }
                named
            }
            // Who is not meant stays as it is: without the last of them it would be everybody.
            "NotPrincipal" => principals(value, |_| true),
            "Condition" => conditions(value),
            _ => value.clone(),
        };
        if !is_empty(&value) {
            out.insert(name.clone(), value);
        }
    }
    Some(Value::Object(out))
}

/// Principals by kind; empty when there are none.
fn principals(value: &Value, is_kept: impl Fn(&Value) -> bool) -> Value {
    let Some(kinds) = value.as_object() else {
        return match value == "*" {
            true => serde_json::json!({ "AWS": ["*"] }),
            false => value.clone(),
        };
    };
    let mut out = Map::new();
    for (kind, named) in kinds {
        let named = match kind.as_str() {
            "AWS" => {
                let kept = listed(named).filter(|it| is_kept(it));
                texts(&kept.map(account).collect())
            }
            _ => texts(named),
        };
        if !is_empty(&named) {
            out.insert(kind.clone(), named);
        }
    }
    Value::Object(out)
}

/// An account by its id, where its root user is named.
fn account(principal: &Value) -> Value {
    let parts: Vec<&str> = principal.as_str().unwrap_or_default().split(':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", id, "root"] => Value::from(*id),
        _ => principal.clone(),
    }
}

/// Whether a principal is told by an id of its own: AWS shows that of a user or role only once it is
/// deleted ("IAM identifiers", IAM User Guide).
fn is_deleted(principal: &Value) -> bool {
    principal.as_str().is_some_and(|id| {
        id.len() >= 16
            && (id.starts_with("AIDA") || id.starts_with("AROA"))
            && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}

/// Conditions: operators, their keys, and values as texts.
fn conditions(value: &Value) -> Value {
    let Some(operators) = value.as_object() else { return value.clone() };
    let operators = operators.iter().map(|(operator, keys)| {
        let keys = keys.as_object().map_or_else(
            || keys.clone(),
            |keys| keys.iter().map(|(key, values)| (key.clone(), texts(values))).collect(),
        );
        (operator.clone(), keys)
    });
    operators.collect()
}

/// One text or a list of them, without order and doubles; other scalars count as their text.
fn texts(value: &Value) -> Value {
    let text = |item: &Value| item.as_str().map_or_else(|| canonical(item), str::to_owned);
    let texts: BTreeSet<String> = listed(value).map(text).collect();
    texts.into_iter().collect()
}

/// The items of a list, or the one thing that is none.
fn listed(value: &Value) -> impl Iterator<Item = &Value> {
    let (items, one) = match value {
        Value::Array(items) => (items.as_slice(), None),
        one => (&[] as &[Value], Some(one)),
    };
    items.iter().chain(one)
}

fn settled(value: &Value) -> Option<Value> {
    let settled = match value {
        Value::Array(items) => sorted(items.iter().filter_map(settled).collect()),
        Value::Object(members) => {
            let members = members.iter();
            members.filter_map(|(name, value)| Some((name.clone(), settled(value)?))).collect()
        }
        scalar => scalar.clone(),
    };
    (!is_empty(&settled)).then_some(settled)
}

fn sorted(mut items: Vec<Value>) -> Value {
    items.sort_by_cached_key(canonical);
    Value::Array(items)
}

/// Whether a value says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
