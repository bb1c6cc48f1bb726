//! One call of a run: a step's own, or the one that takes it back, with everything filled in that
//! earlier calls replied.

use std::collections::BTreeMap;

use serde_json::Value;
use trailwarden_aws::Parameters;
use trailwarden_remedy::Step;
use trailwarden_remedy::calls::{self, Call, Shows, Undo, shown};
use trailwarden_remedy::plan::{Argument, Check, Expected, Input, Part, Reply};

use super::Direction;
use super::makers::{self, Maker};

/// What is known when a call is made.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// The account.
    pub(super) account: String,
    /// Its partition.
    pub(super) partition: String,
    /// What the calls of the run replied, by step.
    pub(super) replies: BTreeMap<String, Value>,
}

/// A call.
pub(super) struct Going<'p> {
    pub(super) direction: Direction,
    pub(super) step: &'p Step,
    pub(super) call: &'static Call,
    pub(super) input: Input,
    /// What must hold right before it.
    pub(super) ready: Vec<Check>,
    /// The questions whose answers are kept from before it.
    pub(super) captures: Vec<(String, Input)>,
    pub(super) maker: Option<Maker>,
}

impl<'p> Going<'p> {
    /// A step's own call; the error says what of it is not known.
    pub(super) fn forward(step: &'p Step, known: &Known) -> Result<Self, String> {
        let input = filled(&step.input, known)?;
        let call = row(&step.service, &step.operation)?;
        let ready = step.preconditions.iter().map(|check| filled_check(check, known));
        let maker = makers::of(call, &input, known);
        if maker.is_none() && is_maker(call) {
            return Err(format!("what `{}` makes could not be found again", call.operation));
        }
        let mut captures = Vec::new();
        for capture in &step.capture {
            let api = format!("{}:{}", capture.service, capture.operation);
            captures.push((api, filled(&capture.input, known)?));
        }
        let list = maker.as_ref().map(|maker| maker.question());
        captures.extend(list.filter(|list| !captures.contains(list)));
        let ready = ready.collect::<Result<_, _>>()?;
        Ok(Self { direction: Direction::Apply, step, call, input, ready, captures, maker })
    }

    /// The call that takes a step back; nothing when there is none. `done` is the step's own call, and
    /// must show as it left the account.
    pub(super) fn back(done: &Going<'p>, known: &Known) -> Result<Option<Self>, String> {
        let step = done.step;
        let Some(inverse) = &step.inverse else { return Ok(None) };
        let input = filled(&inverse.input, known)?;
        let call = row(&inverse.service, &inverse.operation)?;
        let ready = done.shows(known.replies.get(&step.id));
        let ready = ready.ok_or_else(|| format!("what step {} replied is not known", step.id))?;
        let (direction, captures) = (Direction::Undo, Vec::new());
        Ok(Some(Self { direction, step, call, input, ready, captures, maker: None }))
    }

    /// What AWS answers once the call has worked; nothing when that takes its reply, which is not known.
    pub(super) fn shows(&self, reply: Option<&Value>) -> Option<Vec<Check>> {
        match &self.maker {
            None => Some(shown(self.call, &self.input)),
            Some(maker) => maker.shows(reply?),
        }
    }

    /// The operation, such as `iam:PutUserPolicy`.
    pub(super) fn api(&self) -> String {
        format!("{}:{}", self.call.service, self.call.operation)
    }

    pub(super) fn region(&self) -> Option<&'p str> {
        self.step.region.as_deref()
    }

    /// Whether it sets a password that is made for it.
    pub(super) fn makes_password(&self) -> bool {
        self.input.values().any(is_made)
    }

    /// Whether nothing shows which of two passwords counts, since there was one before.
    pub(super) fn replaces_password(&self) -> bool {
        self.makes_password() && matches!(self.call.undo, Undo::Restore { .. })
    }

    /// Whether AWS's reply holds a secret.
    pub(super) fn reveals(&self) -> bool {
        !self.call.reveals().is_empty()
    }

    /// What AWS gets.
    pub(super) fn parameters(&self, password: Option<&str>) -> Parameters {
        let values = self.input.iter().filter_map(|(name, argument)| {
            let value = match argument {
                Argument::Plain(value) => value.clone(),
                Argument::Made { .. } => password?.into(),
                Argument::Result { .. } => return None,
            };
            Some((name.clone(), value))
        });
        values.collect()
    }

    /// What names the thing that it is about.
    pub(super) fn about(&self) -> BTreeMap<String, String> {
        let named = ["UserName", "RoleName", "GroupName"];
        let texts = named
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), self.input.get(name)?.as_str()?.to_owned())));
        texts.collect()
    }
}

/// Whether a call makes something with an id of AWS's own.
pub(super) fn is_maker(call: &Call) -> bool {
    matches!(call.shows, Shows::Reply { .. })
}

fn is_made(argument: &Argument) -> bool {
    matches!(argument, Argument::Made { .. })
}

fn row(service: &str, operation: &str) -> Result<&'static Call, String> {
    let call = calls::find(service, operation);
    call.ok_or_else(|| format!("no plan makes the call `{service}:{operation}`"))
}

/// Parameters with the replies filled in.
fn filled(input: &Input, known: &Known) -> Result<Input, String> {
    let filled = input.iter().map(|(name, argument)| Ok((name.clone(), value(argument, known)?)));
    filled.collect()
}

fn value(argument: &Argument, known: &Known) -> Result<Argument, String> {
    match argument {
        Argument::Result { result } => replied(result, known).map(Argument::Plain),
        known => Ok(known.clone()),
    }
}

fn replied(wanted: &Reply, known: &Known) -> Result<Value, String> {
    let mut found = known.replies.get(&wanted.step);
    for name in &wanted.path {
        found = found.and_then(|found| found.get(name));
    }
    let missing = || format!("step {} did not reply `{}`", wanted.step, wanted.path.join("."));
    found.cloned().ok_or_else(missing)
}

fn filled_check(check: &Check, known: &Known) -> Result<Check, String> {
    let expected = match &check.expected {
        Expected::Equals(argument) => Expected::Equals(value(argument, known)?),
        Expected::Differs(argument) => Expected::Differs(value(argument, known)?),
        other => other.clone(),
    };
    let path = check.path.iter().map(|part| filled_part(part, known));
    let (input, path) = (filled(&check.input, known)?, path.collect::<Result<_, _>>()?);
    Ok(Check { input, path, expected, ..check.clone() })
}

fn filled_part(part: &Part, known: &Known) -> Result<Part, String> {
    let Part::Where(members) = part else { return Ok(part.clone()) };
    let members = members.iter().map(|(name, member)| {
        let filled = match Argument::of(member) {
            Argument::Result { result } => replied(&result, known)?,
            Argument::Plain(_) | Argument::Made { .. } => member.clone(),
        };
        Ok((name.clone(), filled))
    });
    Ok(Part::Where(members.collect::<Result<_, String>>()?))
}
