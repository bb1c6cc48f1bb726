//! A trust policy without some of those whom it lets in, where a statement names others besides.

use serde_json::{Map, Value};
use trailwarden_policy::Document;
use trailwarden_policy::trust::{Grant, grants};
use trailwarden_remedy::documents::{parse, statements, trust_nobody, with_statements};

/// Those whom a statement lets in.
fn given(document: &Value, statement: &Value) -> Vec<Grant> {
    let alone = with_statements(document, vec![statement.clone()]).to_string();
    Document::parse(&alone).map(|alone| grants(&alone)).unwrap_or_default()
}

/// A statement with those of its principals alone who stay; none where none does, or it names them in another way.
pub(super) fn left_of_statement(
    document: &Value,
    statement: &Value,
    goes: &dyn Fn(&Grant) -> bool,
) -> Option<Value> {
    let named = statement.get("Principal")?.as_object()?;
    let with = |principals: Map<String, Value>| {
        let mut one = statement.clone();
        one.as_object_mut()?.insert("Principal".to_owned(), principals.into());
        Some(one)
    };
    let stays = |kind: &str, name: &Value| {
        let alone = with([(kind.to_owned(), name.clone())].into_iter().collect());
        alone.is_some_and(|alone| {
            let given = given(document, &alone);
            !given.is_empty() && !given.iter().any(goes)
        })
    };
    let mut left = Map::new();
    for (kind, names) in named {
        let all = match names {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        };
        let mut kept: Vec<Value> = all.into_iter().filter(|name| stays(kind, name)).collect();
        match (kept.len(), kept.pop()) {
            (0, _) | (_, None) => {}
            (1, Some(one)) => drop(left.insert(kind.clone(), one)),
            (_, Some(last)) => {
                kept.push(last);
                left.insert(kind.clone(), kept.into());
            }
        }
    }
    if left.is_empty() { None } else { with(left) }
}

/// A trust policy without whoever goes; none where it cannot be read, or lets one of them in all the same.
pub(super) fn without(text: &str, goes: &dyn Fn(&Grant) -> bool) -> Option<String> {
    let document = parse(text)?;
    let all = statements(&document).into_iter().filter_map(|statement| {
        match given(&document, &statement).iter().any(goes) {
            true => left_of_statement(&document, &statement, goes),
            false => Some(statement),
        }
    });
    let all: Vec<Value> = all.collect();
    let left = match all.is_empty() {
        true => trust_nobody(),
        false => with_statements(&document, all),
    };
    let text = left.to_string();
    let is_done = !grants(&Document::parse(&text).ok()?).iter().any(goes);
    is_done.then_some(text)
}
