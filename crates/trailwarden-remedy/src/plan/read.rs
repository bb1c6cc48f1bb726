//! Reading a plan's file, which somebody may have changed since it was approved.

use std::collections::BTreeSet;

use super::{Argument, Input, Plan, SCHEMA};
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
    /// Two steps of one number, or a reference to a step that does not come before.
    #[error("step `{0}` stands twice, or is referred to before it is made; make a new plan")]
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

    /// Holds every call to the tables.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Error> {
        let mut made = BTreeSet::new();
        for step in &self.steps {
            let id = &step.id;
            let inverse = step.inverse.iter().map(|it| (&it.service, &it.operation, &it.input));
            let writes = [(&step.service, &step.operation, &step.input)];
            for (service, operation, input) in writes.into_iter().chain(inverse) {
                check_write(id, service, operation, input)?;
            }
            let checks = step.preconditions.iter().map(|it| (&it.service, &it.operation));
            let captures = step.capture.iter().map(|it| (&it.service, &it.operation));
            for (service, operation) in checks.chain(captures) {
                if reads::find(service, operation).is_none() {
                    let call = format!("{service}:{operation}");
                    return Err(Error::Call { step: id.clone(), call });
                }
            }
            check_references(&step.input, &made)?;
            if !made.insert(id.as_str()) {
                return Err(Error::Order(id.clone()));
            }
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
            Some(known) if known.kind.takes(argument) => {}
            _ => return Err(wrong(parameter)),
        }
    }
    let missing = call.parameters.iter().find(|it| it.is_required && !input.contains_key(it.name));
    missing.map_or(Ok(()), |parameter| Err(wrong(parameter.name)))
}

/// Replies exist only of steps that were made.
fn check_references(input: &Input, made: &BTreeSet<&str>) -> Result<(), Error> {
    for argument in input.values() {
        if let Argument::Result { result } = argument
            && !made.contains(result.step.as_str())
        {
            return Err(Error::Order(result.step.clone()));
        }
    }
    Ok(())
}
