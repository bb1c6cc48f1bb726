//! The call that takes another back, made from what was before.

use serde_json::{Map, Value};

use super::{Call, From, Undo};
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
    };
    let Some(inverse) = inverse else {
        return never("what was before is not known");
    };
    let (volatile, reason) = match call.undo {
        Undo::By { volatile, reason, .. } => (volatile, reason),
        Undo::Restore { .. } | Undo::Never(_) => (&[] as &[&str], None),
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
    Inverse { service: call.service.to_owned(), operation: operation.to_owned(), input }
}
