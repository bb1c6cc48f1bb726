//! A plan in four languages: steps in the console, a script of the AWS CLI, a boto3 program, Terraform.
//!
//! # Invariants
//! - What stands in a rendering follows from the plan and from the table of calls: nothing is left for
//!   the reader to fill in.
//! - Names and documents are data in every language: each has one way to write a text ([`quote`]).
//! - A script checks what its plan takes for granted before the first call and right before each,
//!   stops at the first surprise, waits until a call shows, and takes back only what it did itself.

pub mod boto3;
pub mod cli;
pub mod console;
pub mod enrolment;
mod lines;
pub mod quote;
pub mod terraform;

pub use boto3::boto3;
pub use cli::cli;
pub use console::console;
pub use enrolment::enrolment;
pub use terraform::terraform;

use crate::calls::{self, shown};
use crate::plan::{Argument, Check, Input, Plan, Step};

/// What AWS answers once a call has worked; empty when only its reply tells.
pub(crate) fn shows(service: &str, operation: &str, input: &Input) -> Vec<Check> {
    calls::find(service, operation).map(|call| shown(call, input)).unwrap_or_default()
}

/// Whether a check of a step can be made before the first call: nothing that it is about is made by an
/// earlier step.
pub(crate) fn is_early(plan: &Plan, step: &Step, check: &Check) -> bool {
    if check.input.values().any(|it| matches!(it, Argument::Result { .. })) {
        return false;
    }
    let earlier = plan.steps.iter().take_while(|other| other.id != step.id);
    let mut makers = earlier.filter(|other| other.operation.starts_with("Create"));
    !makers.any(|maker| {
        maker.input.values().any(|value| check.input.values().any(|about| about == value))
    })
}

/// The step of a plan whose reply others refer to: which part of it.
pub(crate) fn wanted_reply<'a>(plan: &'a Plan, step: &str) -> Option<&'a [String]> {
    let inputs = plan.steps.iter().flat_map(|it| {
        let inverse = it.inverse.iter().map(|inverse| &inverse.input);
        [&it.input].into_iter().chain(inverse)
    });
    inputs.flat_map(Input::values).find_map(|argument| match argument {
        Argument::Result { result } if result.step == step => Some(result.path.as_slice()),
        _ => None,
    })
}

/// The first digits of the digest: enough to tell plans apart.
pub(crate) fn short_digest(plan: &Plan) -> &str {
    plan.digest.get(..16).unwrap_or(&plan.digest)
}
