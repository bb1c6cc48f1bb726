//! The call that takes another back, made from what was before.

use serde_json::{Map, Value};

use super::{Call, From, Kind, Undo, given};
use crate::documents;
use crate::plan::{Argument, Input, Inverse, Made, Reply};

/// What was before a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Before {
    /// Nothing.
    Absent,
    /// These values, under the names of the call's parameters, or of those of its undo.
    Was(Map<String, Value>),
    /// What the call itself says: its undo needs no more.
    Implied,
}

impl Before {
    /// One value.
    #[must_use]
    pub fn was(parameter: &str, value: impl Into<Value>) -> Self {
        Self::Was(Map::from_iter([(parameter.to_owned(), value.into())]))
    }
}

/// How a call of a plan is taken back.
#[derive(Clone, PartialEq, Debug)]
pub struct Undone {
    /// The call, when there is one.
    pub inverse: Option<Inverse>,
    /// Why there is none, or what it does not bring back.
    pub reason: Option<String>,
    /// Members that are not brought back.
    pub volatile: Vec<String>,
}

/// How a call is taken back, given what was before.
#[must_use]
pub fn undone(call: &Call, step: &str, input: &Input, before: &Before) -> Undone {
    let never = |reason: &str| Undone {
        inverse: None,
        reason: Some(reason.to_owned()),
        volatile: Vec::new(),
    };
    if input.values().any(|argument| matches!(argument, Argument::Made { .. }))
        && matches!(call.undo, Undo::Restore { .. })
    {
        return never("the old password cannot be read, so it cannot be set again");
    }
    let inverse = match call.undo {
        Undo::Never(reason) => return never(reason),
        Undo::Restore { parameters, absent } => restored(call, parameters, absent, input, before),
        Undo::By { operation, with, .. } => by(call, operation, with, step, input, before),
        Undo::Item { parameter, absent, named } => match before {
            Before::Absent => without(call, (parameter, absent), named, input),
            Before::Was(_) | Before::Implied => restored(call, &[parameter], None, input, before),
        },
    };
    let Some(inverse) = inverse else {
        return never("what was before is not known");
    };
    let (volatile, reason) = match call.undo {
        Undo::By { volatile, reason, .. } => (volatile, reason),
        Undo::Restore { .. } | Undo::Item { .. } | Undo::Never(_) => (&[] as &[&str], None),
    };
    Undone {
        inverse: Some(inverse),
        reason: reason.map(str::to_owned),
        volatile: volatile.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn restored(
    call: &Call,
    parameters: &[&str],
    absent: Option<&str>,
    input: &Input,
    before: &Before,
) -> Option<Inverse> {
    let named = |name: &String| !parameters.contains(&name.as_str());
    let kept = input.iter().filter(|(name, _)| named(name));
    let mut restored: Input = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    let operation = match before {
        Before::Was(was) => {
            let values = was.iter().filter(|(name, _)| parameters.contains(&name.as_str()));
            restored.extend(values.map(|(name, value)| (name.clone(), value.clone().into())));
            call.operation
        }
        Before::Absent => absent?,
        Before::Implied => return None,
    };
    Some(inverse(call, operation, restored))
}

/// The call that takes an item away, by its name.
fn without(
    call: &Call,
    (parameter, operation): (&str, &str),
    (theirs, place): (&str, &str),
    input: &Input,
) -> Option<Inverse> {
    let mut made = input.clone();
    made.remove(parameter);
    let name = given(input, place)?.as_plain()?.clone();
    made.insert(theirs.to_owned(), Value::Array(vec![name]).into());
    Some(inverse(call, operation, made))
}

fn by(
    call: &Call,
    operation: &str,
    with: &[(&str, From)],
    step: &str,
    input: &Input,
    before: &Before,
) -> Option<Inverse> {
    let mut made = Input::new();
    for (name, from) in with {
        let argument = match from {
            From::Parameter(parameter) => input.get(*parameter)?.clone(),
            From::Before(parameter) => match before {
                Before::Was(was) => match was.get(*parameter) {
                    Some(value) => value.clone().into(),
                    // What was not set is not set again.
                    None => continue,
                },
                Before::Absent | Before::Implied => return None,
            },
            From::Reply(path) => Argument::Result {
                result: Reply {
                    step: step.to_owned(),
                    path: path.iter().map(|part| (*part).to_owned()).collect(),
                },
            },
            From::Made => Argument::Made { made: Made::Password },
            From::True => true.into(),
        };
        made.insert((*name).to_owned(), argument);
    }
    Some(inverse(call, operation, made))
}

fn inverse(call: &Call, operation: &str, input: Input) -> Inverse {
    let input = match super::find(call.service, operation) {
        Some(call) => input
            .into_iter()
            .map(|(name, value)| (name.clone(), restorable(call, &name, value)))
            .collect(),
        None => input,
    };
    Inverse { service: call.service.to_owned(), operation: operation.to_owned(), input }
}

/// A document as AWS takes it again: without the ids of deleted principals. Where nothing else is left, it
/// stays as it was, and AWS says no.
pub(crate) fn restorable(call: &Call, name: &str, value: Argument) -> Argument {
    if call.parameter(name).is_none_or(|it| it.kind != Kind::Document) {
        return value;
    }
    let document = value.as_str().and_then(documents::parse);
    let left = document.as_ref().and_then(documents::without_deleted);
    match left.filter(|left| document.as_ref() != Some(left)) {
        Some(left) => left.to_string().into(),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::calls::{find, shown};

    fn input(members: &Value) -> Input {
        let members = members.as_object().unwrap().clone();
        members.into_iter().map(|(name, value)| (name, value.into())).collect()
    }

    /// AWS refuses a document that names the id of a deleted principal ("AWS JSON policy elements:
    /// Principal", IAM User Guide), so an undo that restored it letter by letter would fail.
    #[test]
    fn a_trust_policy_is_restored_without_those_who_are_deleted() {
        let call = find("iam", "UpdateAssumeRolePolicy").unwrap();
        let alice = "arn:aws:iam::111122223333:user/alice";
        let trusting = |who: Value| {
            let statement = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": who } });
            json!({ "Version": "2012-10-17", "Statement": [statement] })
        };
        let before = trusting(json!(["AIDAEXAMPLEOFALICE001", alice]));
        let after = trusting(json!(alice)).to_string();
        let given = input(&json!({ "RoleName": "app", "PolicyDocument": after }));
        let was = Before::was("PolicyDocument", before.to_string());
        let inverse = undone(call, "1", &given, &was).inverse.unwrap();
        let text = inverse.input["PolicyDocument"].as_str().unwrap();
        assert_eq!(documents::parse(text), Some(trusting(json!([alice]))));
        // Where nobody else is named, it stays as it was.
        let only = trusting(json!("AIDAEXAMPLEOFALICE001")).to_string();
        let was = Before::was("PolicyDocument", only.as_str());
        let inverse = undone(call, "1", &given, &was).inverse.unwrap();
        assert_eq!(inverse.input["PolicyDocument"].as_str(), Some(only.as_str()));
    }

    /// A user who is only moved has the wanted name before the call already.
    #[test]
    fn a_move_to_another_path_shows_by_the_path() {
        let call = find("iam", "UpdateUser").unwrap();
        let given =
            input(&json!({ "UserName": "alice", "NewUserName": "alice", "NewPath": "/a/" }));
        let checks = shown(call, &given);
        let members: Vec<String> =
            checks.iter().map(|check| format!("{:?}", check.path.last())).collect();
        assert_eq!(members, [r#"Some(Member("UserName"))"#, r#"Some(Member("Path"))"#]);
    }
}
