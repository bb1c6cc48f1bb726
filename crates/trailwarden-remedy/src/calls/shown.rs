//! The question that shows that a call worked, made from its parameters.

use std::collections::BTreeMap;

use super::{At, Call, Held, Shows, Unset};
use crate::documents;
use crate::plan::{Argument, Check, Expected, Input, Part};

/// What AWS answers once the call has worked; nothing when only the reply tells, or when a parameter
/// that the question needs is not known.
#[must_use]
pub fn shown(call: &Call, input: &Input) -> Vec<Check> {
    let Shows::Asked { read, with, path, held } = call.shows else {
        return Vec::new();
    };
    let mut asked = Input::new();
    for (theirs, ours) in with {
        let Some(argument) = input.get(*ours) else { return Vec::new() };
        asked.insert((*theirs).to_owned(), argument.clone());
    }
    let mut way = Vec::new();
    for at in path {
        way.push(match at {
            At::Member(name) => Part::Member((*name).to_owned()),
            At::Where(member, parameter) => {
                // What an earlier call replied is written as in parameters.
                let value = given(input, parameter).and_then(|it| serde_json::to_value(it).ok());
                let Some(value) = value else { return Vec::new() };
                Part::Where(BTreeMap::from([((*member).to_owned(), value)]))
            }
        });
    }
    let check = |member: Option<&str>, expected: Expected| {
        let mut path = way.clone();
        path.extend(member.map(|name| Part::Member(name.to_owned())));
        Check {
            service: call.service.to_owned(),
            operation: read.to_owned(),
            input: asked.clone(),
            path,
            expected,
        }
    };
    match held {
        Held::Value(parameter) => {
            let value = given(input, parameter);
            value.map(|value| check(None, Expected::Equals(value))).into_iter().collect()
        }
        Held::Document(parameter) => {
            let text = input.get(parameter).and_then(|argument| argument.as_str());
            let document = text.and_then(documents::parse);
            document.map(|it| check(None, Expected::Document(it))).into_iter().collect()
        }
        Held::Flag(flag) => vec![check(None, Expected::Equals(flag.into()))],
        Held::Members(members) => whole(input, members, &[], check),
        Held::Whole(members, others) => whole(input, members, others, check),
        Held::Present => vec![check(None, Expected::Present)],
        Held::Absent => vec![check(None, Expected::Absent)],
    }
}

/// The value of a parameter, or of a part of it: `UserName`, or `Tags/0/Key` of the first item's key.
#[must_use]
pub fn given(input: &Input, place: &str) -> Option<Argument> {
    let Some((parameter, rest)) = place.split_once('/') else { return input.get(place).cloned() };
    let value = input.get(parameter)?.as_plain()?.pointer(&format!("/{rest}"))?;
    Some(Argument::of(value))
}

/// Checks of the members that were given, and of those that were not and say so elsewhere.
fn whole(
    input: &Input,
    members: &[(&str, &str)],
    others: &[(&str, &str, Unset)],
    check: impl Fn(Option<&str>, Expected) -> Check,
) -> Vec<Check> {
    // AWS leaves some flags out that are off.
    let off = || Expected::Differs(true.into());
    let given = members.iter().filter_map(|(ours, theirs)| {
        let value = input.get(*ours)?;
        let is_off = *value == false.into();
        // An empty text takes away what was set.
        let expected = match value.as_str() {
            Some("") => Expected::Absent,
            _ if is_off => off(),
            _ => Expected::Equals(value.clone()),
        };
        Some(check(Some(theirs), expected))
    });
    let unset = others.iter().filter(|(ours, ..)| !input.contains_key(*ours));
    let unset = unset.map(|(_, theirs, unset)| match unset {
        Unset::Absent => check(Some(theirs), Expected::Absent),
        Unset::Off => check(Some(theirs), off()),
    });
    given.chain(unset).collect()
}
