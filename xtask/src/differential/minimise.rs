//! Makes a case smaller while two evaluators still disagree on it.

use anyhow::Result;
use serde_json::{Value, json};

use super::programs::Answer;

/// Rounds; each takes one part away.
const ROUNDS_MAX: usize = 80;

/// Asks both sides about some cases.
pub(crate) type Both<'a> = &'a dyn Fn(&[Value]) -> Result<Vec<(Answer, Answer)>>;

/// The smallest case found on which the two sides say the same different things.
pub(crate) fn minimise(case: &Value, said: (&Answer, &Answer), both: Both<'_>) -> Result<Value> {
    let mut smallest = case.clone();
    for _ in 0..ROUNDS_MAX {
        let smaller = reductions(&smallest);
        let answers = both(&smaller)?;
        let kept = smaller
            .into_iter()
            .zip(answers)
            .find(|(_, (ours, theirs))| ours == said.0 && theirs == said.1);
        match kept {
            Some((case, _)) => smallest = case,
            None => break,
        }
    }
    Ok(smallest)
}

/// All cases that are smaller by one part, the largest parts first.
fn reductions(case: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    collect(case, String::new(), 0, &mut places);
    places.sort_by_key(|(depth, _)| *depth);
    let mut smaller = Vec::new();
    for (_, place) in &places {
        let mut copy = case.clone();
        if remove(&mut copy, place) {
            smaller.push(copy);
        }
    }
    for (_, place) in places {
        let mut copy = case.clone();
        if simplify(&mut copy, &place) && copy != *case {
            smaller.push(copy);
        }
    }
    smaller
}

fn collect(value: &Value, place: String, depth: usize, places: &mut Vec<(usize, String)>) {
    let mut visit = |name: String, inner: &Value| {
        let place = format!("{place}/{}", escaped(&name));
        places.push((depth, place.clone()));
        collect(inner, place, depth + 1, places);
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, inner)| visit(name.clone(), inner))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| visit(index.to_string(), inner));
        }
        _ => {}
    }
}

/// A name as JSON Pointer (RFC 6901) spells it.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// Elements without which a case or statement is none.
const NEEDED: &[&str] = &[
    "principal",
    "action",
    "resource",
    "resourceAccount",
    "context",
    "Statement",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Version",
];

/// Takes away what stands at a place, if the case stays one without it.
pub(crate) fn remove(case: &mut Value, place: &str) -> bool {
    let Some((parent, name)) = place.rsplit_once('/') else {
        return false;
    };
    match case.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            let name = unescaped(name);
            !NEEDED.contains(&name.as_str()) && members.remove(&name).is_some()
        }
        Some(Value::Array(items)) => match name.parse::<usize>() {
            // One element of several, so that no list of patterns or values becomes empty.
            Ok(index) if index < items.len() && items.len() > 1 => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

fn simplify(case: &mut Value, place: &str) -> bool {
    let name = place.rsplit_once('/').map_or("", |(_, name)| name);
    if !place.contains("/Statement/") || !matches!(name, "Action" | "Resource" | "Principal") {
        return false;
    }
    match case.pointer_mut(place) {
        Some(value) => {
            *value = json!("*");
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_can_go_but_what_a_case_needs() {
        let case = json!({
            "principal": "anonymous", "action": "s3:GetObject", "resource": "*", "context": {"a/b": "c"},
            "identityPolicies": [{"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": ["a:b", "c:d"], "Resource": "*"}]}],
        });
        let smaller = reductions(&case);
        assert!(smaller.iter().any(|case| case.get("identityPolicies").is_none()));
        assert!(smaller.iter().any(|case| case.pointer("/context/a~1b").is_none()));
        assert!(smaller.iter().all(|case| case.get("action").is_some()));
        let actions = "/identityPolicies/0/Statement/0/Action";
        assert!(smaller.iter().any(|case| case.pointer(actions) == Some(&json!(["c:d"]))));
        assert!(smaller.iter().any(|case| case.pointer(actions) == Some(&json!("*"))));
    }
}
