//! Sentences about checks and calls, for people and for comments.

use crate::plan::{Argument, Check, Expected, Input, Part};
use crate::render::quote::{json, line};

/// What a check asks: ``iam ListAccessKeys (UserName alice): AccessKeyMetadata > ... is "Active"``.
#[must_use]
pub fn check(check: &Check) -> String {
    let mut place: Vec<String> = Vec::new();
    for part in &check.path {
        place.push(match part {
            Part::Member(name) => line(name),
            Part::Where(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| format!("{name} {}", argument(&Argument::of(value))));
                format!("the one with {}", members.collect::<Vec<_>>().join(", "))
            }
        });
    }
    let place = if place.is_empty() { "the answer".to_owned() } else { place.join(" > ") };
    let expected = match &check.expected {
        Expected::Equals(value) => format!("is {}", argument(value)),
        Expected::Differs(value) => format!("is not {}", argument(value)),
        Expected::Document(document) => format!("is the document {}", json(document)),
        Expected::Present => "is there".to_owned(),
        Expected::Absent => "is not there".to_owned(),
    };
    format!("{}: {place} {expected}", question(&check.service, &check.operation, &check.input))
}

/// A question with its parameters.
#[must_use]
pub fn question(service: &str, operation: &str, input: &Input) -> String {
    let given = input.iter().map(|(name, value)| format!("{name} {}", argument(value)));
    let given = given.collect::<Vec<_>>().join(", ");
    if given.is_empty() {
        return format!("{service} {operation}");
    }
    format!("{service} {operation} ({given})")
}

/// A value, or where it comes from.
pub(crate) fn argument(argument: &Argument) -> String {
    match argument {
        Argument::Plain(value) => match value.as_str() {
            Some("") => "(empty)".to_owned(),
            Some(text) => line(text),
            None => json(value),
        },
        Argument::Result { result } => {
            format!("{} of what step {} replied", result.path.join(" > "), result.step)
        }
        Argument::Made { .. } => "a new password".to_owned(),
    }
}
