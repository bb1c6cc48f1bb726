//! Reading a plan's file, which somebody may have changed since it was approved.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Argument, Check, Expected, Input, Part, Plan, SCHEMA, Summary, inverses, needs};
use crate::calls::{Kind, Taking};
use crate::remedy::{Effect, find};
use crate::{calls, reads};

/// A file that is no plan, or not the one that was made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No JSON, or not of a plan's shape.
    #[error("this is not a plan; make one with `remediate plan`")]
    Json(#[source] serde_json::Error),
    /// Another version.
    #[error("the plan says that it is `{0}`, and this version reads `{SCHEMA}`; make a new one")]
    Schema(String),
    /// It was changed.
    #[error(
        "the plan was changed after it was made: its digest is `{told}`, and should be `{computed}`; make a new one"
    )]
    Digest {
        /// What it says.
        told: String,
        /// What belongs to its content.
        computed: String,
    },
    /// A call that is not in the table.
    #[error("step `{step}` makes the call `{call}`, which no plan may make; make a new plan")]
    Call {
        /// The step.
        step: String,
        /// The call.
        call: String,
    },
    /// A parameter that the call does not have, or that it lacks.
    #[error("step `{step}` calls `{call}` with the wrong parameter `{parameter}`; make a new plan")]
    Parameter {
        /// The step.
        step: String,
        /// The call.
        call: String,
        /// The parameter.
        parameter: String,
    },
    /// An undo that is not the table's, or restores what was not there.
    #[error(
        "step `{step}` would be taken back by `{call}`, and not to what is there before it; make a new plan"
    )]
    Undo {
        /// The step.
        step: String,
        /// The call.
        call: String,
    },
    /// A remediation that takes nothing away, with a step that does.
    #[error(
        "the plan says that step `{step}` takes no access away, by the remediation `{remedy}`, but its call `{call}` does; make a new plan"
    )]
    Label {
        /// The step.
        step: String,
        /// The remediation.
        remedy: String,
        /// The call.
        call: String,
    },
    /// A permission that none of the step's calls needs.
    #[error(
        "step `{step}` asks for the permission `{action}` on `{resource}`, which its calls do not need; make a new plan"
    )]
    Permission {
        /// The step.
        step: String,
        /// The action.
        action: String,
        /// The resource.
        resource: String,
    },
    /// A number that is not the step's place, or a reference to a step that does not come before.
    #[error(
        "step `{0}` is not where its number says, or is referred to before it is made; make a new plan"
    )]
    Order(String),
}

impl Plan {
    /// Reads a plan, and holds it to its digest and to the tables of calls and reads.
    ///
    /// # Errors
    /// It is not the plan that was made, or asks for what no plan may.
    pub fn read(json: &[u8]) -> Result<Self, Error> {
        let value: serde_json::Value = serde_json::from_slice(json).map_err(Error::Json)?;
        let schema = value.get("schema").and_then(serde_json::Value::as_str).unwrap_or_default();
        if schema != SCHEMA {
            return Err(Error::Schema(schema.to_owned()));
        }
        let computed = super::digest::digest_of(value.clone());
        let plan: Self = serde_json::from_value(value).map_err(Error::Json)?;
        if plan.digest != computed {
            return Err(Error::Digest { told: plan.digest, computed });
        }
        plan.check()?;
        Ok(plan)
    }

    /// Holds every call to the tables, every undo and every permission to its call, and what is said of steps to what they do.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Error> {
        self.check_calls()?;
        self.steps.iter().try_for_each(inverses::check)?;
        self.steps.iter().try_for_each(needs::check)?;
        self.preview.remedies.iter().try_for_each(|summary| self.check_label(summary))
    }

    /// Whoever approves a plan reads what its remediations do, so none may do more.
    fn check_label(&self, summary: &Summary) -> Result<(), Error> {
        if find(&summary.remedy).is_none_or(|remedy| remedy.effect != Effect::Keeps) {
            return Ok(());
        }
        let mut of = self.steps.iter().filter(|step| summary.steps.contains(&step.id));
        match of.find(|step| calls::taking(step) == Taking::Access) {
            None => Ok(()),
            Some(step) => Err(Error::Label {
                step: step.id.clone(),
                remedy: summary.remedy.clone(),
                call: format!("{}:{}", step.service, step.operation),
            }),
        }
    }

    /// Holds every call to the tables. Of a plan that is under way already no more is asked: the table of undos
    /// may have changed since, and what was done must still be taken back.
    ///
    /// # Errors
    /// The first fault.
    pub fn check_calls(&self) -> Result<(), Error> {
        let mut made = BTreeSet::new();
        for (number, step) in (1_usize..).zip(&self.steps) {
            let id = &step.id;
            // Scripts name functions and files after it.
            if *id != number.to_string() {
                return Err(Error::Order(id.clone()));
            }
            let inverse = step.inverse.iter().map(|it| (&it.service, &it.operation, &it.input));
            let writes = [(&step.service, &step.operation, &step.input)];
            for (service, operation, input) in writes.into_iter().chain(inverse) {
                check_write(id, service, operation, input)?;
            }
            let checks =
                step.preconditions.iter().map(|it| (&it.service, &it.operation, &it.input));
            let captures = step.capture.iter().map(|it| (&it.service, &it.operation, &it.input));
            for (service, operation, input) in checks.chain(captures) {
                check_read(id, service, operation, input)?;
                check_references(input, &made)?;
            }
            step.preconditions.iter().try_for_each(|check| check_answer(check, &made))?;
            check_references(&step.input, &made)?;
            made.insert(id.as_str());
            step.inverse.iter().try_for_each(|it| check_references(&it.input, &made))?;
        }
        Ok(())
    }
}

fn check_write(step: &str, service: &str, operation: &str, input: &Input) -> Result<(), Error> {
    let name = || format!("{service}:{operation}");
    let Some(call) = calls::find(service, operation) else {
        return Err(Error::Call { step: step.to_owned(), call: name() });
    };
    let wrong = |parameter: &str| Error::Parameter {
        step: step.to_owned(),
        call: name(),
        parameter: parameter.to_owned(),
    };
    for (parameter, argument) in input {
        match call.parameter(parameter) {
            Some(known) if known.kind.takes(argument) && are_names(known.kind, argument) => {}
            _ => return Err(wrong(parameter)),
        }
    }
    let missing = call.parameters.iter().find(|it| it.is_required && !input.contains_key(it.name));
    missing.map_or(Ok(()), |parameter| Err(wrong(parameter.name)))
}

/// Questions have only the parameters of the table, all of them text.
fn check_read(step: &str, service: &str, operation: &str, input: &Input) -> Result<(), Error> {
    let call = format!("{service}:{operation}");
    let Some(read) = reads::find(service, operation) else {
        return Err(Error::Call { step: step.to_owned(), call });
    };
    let is_known = |name: &str| read.parameters.contains(&name);
    let is_text = |it: &Argument| matches!(it, Argument::Result { .. }) || it.as_str().is_some();
    match input.iter().find(|(name, argument)| !is_known(name) || !is_text(argument)) {
        None => Ok(()),
        Some((parameter, _)) => {
            Err(Error::Parameter { step: step.to_owned(), call, parameter: parameter.clone() })
        }
    }
}

/// Whether the members of a structure are names, at every depth: they become words of programs.
fn are_names(kind: Kind, argument: &Argument) -> bool {
    fn named(value: &Value) -> bool {
        match value {
            Value::Object(members) => members.iter().all(|(name, value)| {
                name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && named(value)
            }),
            Value::Array(items) => items.iter().all(named),
            _ => true,
        }
    }
    kind != Kind::Structure || argument.as_plain().is_some_and(named)
}

/// What an answer is held against may be a part of a reply, too.
fn check_answer(check: &Check, made: &BTreeSet<&str>) -> Result<(), Error> {
    let mut all: Vec<Argument> = match &check.expected {
        Expected::Equals(argument) | Expected::Differs(argument) => vec![argument.clone()],
        Expected::Document(_) | Expected::Present | Expected::Absent => Vec::new(),
    };
    for part in &check.path {
        if let Part::Where(members) = part {
            all.extend(members.values().map(Argument::of));
        }
    }
    all.iter().try_for_each(|argument| check_reference(argument, made))
}

/// Replies exist only of steps that were made.
fn check_references(input: &Input, made: &BTreeSet<&str>) -> Result<(), Error> {
    input.values().try_for_each(|argument| check_reference(argument, made))
}

fn check_reference(argument: &Argument, made: &BTreeSet<&str>) -> Result<(), Error> {
    match argument {
        Argument::Result { result } if !made.contains(result.step.as_str()) => {
            Err(Error::Order(result.step.clone()))
        }
        _ => Ok(()),
    }
}
