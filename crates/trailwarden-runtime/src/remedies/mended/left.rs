//! Which statements of a document from before a record come back.

use serde_json::Value;
use trailwarden_remedy::documents::with_statements;

use super::is_same;

/// Those without what somebody took out since, which nobody is to be given again; denials come back all the same.
pub(in crate::remedies) fn left_of<'s>(
    was: &'s [Value],
    wrote: &[Value],
    is: &[Value],
) -> impl Iterator<Item = &'s Value> {
    let denies = |one: &Value| one.get("Effect").and_then(Value::as_str) == Some("Deny");
    was.iter().filter(move |one| denies(one) || !contains(wrote, one) || contains(is, one))
}

pub(in crate::remedies) fn contains(all: &[Value], one: &Value) -> bool {
    let whole =
        |one: &Value| with_statements(&serde_json::json!({}), vec![one.clone()]).to_string();
    let wanted = whole(one);
    all.iter().any(|other| is_same(&whole(other), &wanted))
}
