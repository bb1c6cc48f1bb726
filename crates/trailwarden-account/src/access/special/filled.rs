//! Texts of a statement with the values of variables put in.
//!
//! A variable that requests of the principal certainly lack makes its text stand for nothing: a
//! `Resource` of such texts alone covers nothing, and of a condition only a negated operator holds.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags" (variables without a value,
//! default values).

use trailwarden_policy::{Condition, Statement};

use crate::access::hour::is_time;
use crate::access::principal::Principal;

/// What a text says once the values are put in.
enum Filled {
    Same,
    Text(String),
    /// It stands for nothing.
    Nothing,
}

/// Puts known values in the place of variables, in resources and in the values of conditions; `false`
/// when the statement never applies to the principal. Keys that it certainly lacks, and that a
/// `NotResource` names, are added to `lacking`.
pub(super) fn put_in(
    statement: &mut Statement,
    principal: &Principal,
    lacking: &mut Vec<String>,
) -> bool {
    let had_resources = !statement.resources.is_empty();
    fill_all(&mut statement.resources, principal);
    for text in statement.not_resources.iter_mut().flatten() {
        match filled(text, principal, lacking) {
            Filled::Text(put) => *text = put,
            Filled::Same | Filled::Nothing => {}
        }
    }
    let mut can_hold = true;
    statement.conditions.retain_mut(|condition| match outcome(condition, principal) {
        Some(holds) => {
            can_hold &= holds;
            false
        }
        None => true,
    });
    can_hold && !(had_resources && statement.resources.is_empty())
}

/// Fills the values of a condition in. Where all of them stand for nothing, it holds always or never;
/// what operators for sets then do is left open.
fn outcome(condition: &mut Condition, principal: &Principal) -> Option<bool> {
    let operator = condition.parsed_operator();
    let is_of_text = operator.base.starts_with("string") || operator.base.starts_with("arn");
    let is_plain = !operator.if_exists && !condition.operator.contains(':');
    if !is_of_text || !is_plain {
        for text in &mut condition.values {
            if let Filled::Text(put) = filled(text, principal, &mut Vec::new()) {
                *text = put;
            }
        }
        return None;
    }
    let had_values = !condition.values.is_empty();
    fill_all(&mut condition.values, principal);
    (had_values && condition.values.is_empty()).then(|| operator.is_negative())
}

/// Fills texts in, and leaves out those that stand for nothing.
fn fill_all(texts: &mut Vec<String>, principal: &Principal) {
    texts.retain_mut(|text| match filled(text, principal, &mut Vec::new()) {
        Filled::Same => true,
        Filled::Text(put) => {
            *text = put;
            true
        }
        Filled::Nothing => false,
    });
}

fn filled(text: &str, principal: &Principal, lacking: &mut Vec<String>) -> Filled {
    let mut out = String::new();
    let mut rest = text;
    let (mut is_changed, mut is_nothing) = (false, false);
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push_str("${");
            rest = after;
            continue;
        };
        let (key, default) = parts(name);
        // In a value, these three are only themselves.
        let is_plain = |value: &str| !value.contains(['*', '?', '$']);
        let value = if is_time(&key) { None } else { principal.key(&key) };
        match (value, default) {
            (Some(Some(value)), _) if is_plain(&value) => {
                out.push_str(&value);
                is_changed = true;
            }
            (Some(None), Some(default)) if is_plain(default) => {
                out.push_str(default);
                is_changed = true;
            }
            (Some(None), None) => {
                is_nothing = true;
                lacking.push(key);
            }
            _ => {
                out.push_str("${");
                out.push_str(name);
                out.push('}');
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    match (is_nothing, is_changed) {
        (true, _) => Filled::Nothing,
        (false, true) => Filled::Text(out),
        (false, false) => Filled::Same,
    }
}

/// The key of a variable, in lower case, and its default value.
fn parts(name: &str) -> (String, Option<&str>) {
    let with_default = name
        .split_once(", ")
        .and_then(|(key, value)| Some((key, value.strip_prefix('\'')?.strip_suffix('\'')?)));
    let (key, default) = match with_default {
        Some((key, value)) => (key, Some(value)),
        None => (name, None),
    };
    (key.trim().to_ascii_lowercase(), default)
}
