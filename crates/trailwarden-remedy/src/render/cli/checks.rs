//! Checks as commands: queries that the AWS CLI evaluates, and comparisons that Python makes.

use serde_json::Value;

use super::words::{Region, Words};
use crate::plan::{Argument, Check, Expected, Part};
use crate::render::quote::{bash, jmespath, json};

/// Checks as commands that succeed when they hold: one for those that put the same question.
pub(super) fn all_hold(checks: &[Check], region: &Region) -> Vec<String> {
    let mut commands: Vec<(String, Vec<String>, String)> = Vec::new();
    for check in checks {
        let read = Words::read(&check.service, &check.operation, &check.input, region);
        let errors = bash(&read.errors);
        if let Some((command, expected)) = compared_by_python(&check.expected) {
            let command = format!("{command} {errors} {}", bash(&json(expected)));
            commands.push((command, vec![path(&check.path)], read.text));
            continue;
        }
        let missing = match check.expected {
            Expected::Absent | Expected::Differs(_) => "yes",
            Expected::Equals(_) | Expected::Document(_) | Expected::Present => "no",
        };
        let command = format!("holds {missing} {errors}");
        let query = query(check);
        match commands.iter_mut().find(|it| it.0 == command && it.2 == read.text) {
            Some((_, queries, _)) => queries.push(query),
            None => commands.push((command, vec![query], read.text)),
        }
    }
    let one = |(command, queries, text): (String, Vec<String>, String)| match queries.as_slice() {
        [query] => format!("{command} {} {text}", quoted(query)),
        queries => format!("{command} {} {text}", quoted(&format!("({})", queries.join(") && (")))),
    };
    commands.into_iter().map(one).collect()
}

/// What AWS spells otherwise than it was given: a query compares it letter by letter.
fn compared_by_python(expected: &Expected) -> Option<(&'static str, &Value)> {
    let is_whole = |value: &&Value| value.is_array() || value.is_object();
    match expected {
        Expected::Document(document) => Some(("holds_same policy", document)),
        Expected::Equals(value) => Some(("holds_same value", value.as_plain().filter(is_whole)?)),
        Expected::Differs(value) => {
            Some(("! holds_same value", value.as_plain().filter(is_whole)?))
        }
        Expected::Present | Expected::Absent => None,
    }
}

/// What a check asks, as a query whose answer is `true`; [`RESULT`] stands around the number of a step
/// whose reply is meant.
fn query(check: &Check) -> String {
    let path = path(&check.path);
    match &check.expected {
        // Not compared by a query.
        Expected::Document(_) => "`false`".to_owned(),
        Expected::Equals(value) => compared(&path, "==", value),
        Expected::Differs(value) => compared(&path, "!=", value),
        Expected::Present => format!("{path} != `null`"),
        Expected::Absent => format!("{path} == `null`"),
    }
}

/// No text of a query has it: JSON spells it out.
const RESULT: char = '\u{1}';

fn compared(path: &str, operator: &str, value: &Argument) -> String {
    match value {
        Argument::Result { result } => {
            format!("{path} {operator} `\"{RESULT}{}{RESULT}\"`", result.step)
        }
        // AWS leaves out what is empty.
        Argument::Plain(Value::String(text)) if text.is_empty() => match operator {
            "==" => format!("!({path})"),
            _ => format!("!(!({path}))"),
        },
        Argument::Plain(value) => format!("{path} {operator} {}", jmespath(value)),
        // Never compared: no answer of AWS has one.
        Argument::Made { .. } => "`true`".to_owned(),
    }
}

/// A query as a word, replies put in when the script runs.
fn quoted(query: &str) -> String {
    let mut out = String::new();
    for (at, part) in query.split(RESULT).enumerate() {
        match at % 2 {
            0 => out.push_str(&bash(part)),
            _ => out.push_str(&format!("\"$(result {part})\"")),
        }
    }
    out
}

/// A way into an answer, in the CLI's language of queries.
fn path(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Member(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(&json(&Value::from(name.as_str())));
            }
            Part::Where(members) => {
                let members = members.iter().map(|(name, value)| {
                    let name = json(&Value::from(name.as_str()));
                    compared(&name, "==", &Argument::of(value))
                });
                let members: Vec<String> = members.collect();
                out.push_str(&format!("[?{}] | [0]", members.join(" && ")));
            }
        }
    }
    if out.is_empty() { "@".to_owned() } else { out }
}
