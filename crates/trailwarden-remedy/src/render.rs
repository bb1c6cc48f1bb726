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
pub mod lines;
pub mod quote;
pub mod review;
pub mod terraform;

pub use boto3::boto3;
pub use cli::cli;
pub use console::console;
pub use enrolment::{enrolled, enrolment, enrolment_of};
pub use review::review;
pub use terraform::terraform;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::calls::{self, From, Taking, Undo, shown};
use crate::plan::{Argument, Check, Foreseen, Input, Plan, Step};
use quote::line;

/// Why a step stays of which nobody says why.
const NO_CALL: &str = "no call takes it back";

/// What AWS answers once a call has worked; empty when only its reply tells.
pub(crate) fn shows(service: &str, operation: &str, input: &Input) -> Vec<Check> {
    calls::find(service, operation).map(|call| shown(call, input)).unwrap_or_default()
}

/// Whether a check of a step can be made before the first call: nothing that it is about is made by an
/// earlier step.
#[must_use]
pub fn is_early(plan: &Plan, step: &Step, check: &Check) -> bool {
    if check.input.values().any(|it| matches!(it, Argument::Result { .. })) {
        return false;
    }
    let earlier = plan.steps.iter().take_while(|other| other.id != step.id);
    let mut makers = earlier.filter(|other| other.operation.starts_with("Create"));
    !makers.any(|maker| {
        maker.input.values().any(|value| check.input.values().any(|about| about == value))
    })
}

/// The part of a step's reply that is kept: what others refer to, or what tells that the call was made
/// when nothing else does.
pub(crate) fn wanted_reply(plan: &Plan, step: &Step) -> Option<Vec<String>> {
    let inputs = plan.steps.iter().flat_map(|it| {
        let inverse = it.inverse.iter().map(|inverse| &inverse.input);
        [&it.input].into_iter().chain(inverse)
    });
    let named = inputs.flat_map(Input::values).find_map(|argument| match argument {
        Argument::Result { result } if result.step == step.id => Some(result.path.clone()),
        _ => None,
    });
    named.or_else(|| {
        let call = calls::find(&step.service, &step.operation)?;
        let Undo::By { with, .. } = call.undo else { return None };
        with.iter().find_map(|(_, from)| match from {
            From::Reply(path) => Some(path.iter().map(|part| (*part).to_owned()).collect()),
            _ => None,
        })
    })
}

/// Whether a step asks for a secret. Nothing that AWS shows tells whether it was set.
pub(crate) fn asks(step: &Step) -> bool {
    step.input.values().any(|argument| matches!(argument, Argument::Made { .. }))
}

/// For whom a call needs a password, such as `user alice`; nothing where it needs none.
pub(crate) fn asked_for(input: &Input) -> Option<String> {
    let is_asked = input.values().any(|argument| matches!(argument, Argument::Made { .. }));
    let user = || input.get("UserName").and_then(Argument::as_str);
    is_asked.then(|| user().map_or_else(|| "the step".to_owned(), |name| format!("user {name}")))
}

/// The secret parts of a step's reply.
pub(crate) fn reveals(step: &Step) -> &'static [&'static [&'static str]] {
    calls::find(&step.service, &step.operation).map(calls::Call::reveals).unwrap_or_default()
}

/// Whom a plan takes access away from, in small letters: `user:alice`, `group:ops`. Names of IAM do not
/// differ by case alone.
pub(crate) fn taken_from(plan: &Plan) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for step in plan.steps.iter().filter(|step| calls::taking(step) == Taking::Access) {
        let kinds = [("user", "UserName"), ("role", "RoleName"), ("group", "GroupName")];
        // A member who leaves a group takes nothing from the others.
        let name = kinds.into_iter().find_map(|(kind, parameter)| {
            let name = step.input.get(parameter)?.as_str()?;
            Some(format!("{kind}:{}", name.to_ascii_lowercase()))
        });
        names.extend(name);
    }
    if let Some(effect) = &plan.preview.effect {
        let losers = effect.principals.iter().map(|it| &it.arn);
        let owners = effect.credentials.iter().map(|it| &it.owner);
        let ended = effect.sessions.iter().map(|it| &it.arn);
        let shut_out = effect.doors.iter().map(|it| &it.who);
        let all = losers.chain(owners).chain(ended).chain(shut_out);
        names.extend(all.filter(|arn| effect.hits(arn)).filter_map(|arn| named(arn)));
    }
    names
}

/// A user or role of an ARN.
fn named(arn: &str) -> Option<String> {
    let (kind, path) = arn.splitn(6, ':').nth(5)?.split_once('/')?;
    let name = path.rsplit('/').next()?;
    ["user", "role"].contains(&kind).then(|| format!("{kind}:{}", name.to_ascii_lowercase()))
}

/// What a reader should know first, for the comments at the head of a program.
pub(crate) fn write_preamble(plan: &Plan, out: &mut String) {
    for summary in &plan.preview.remedies {
        let _ = writeln!(
            out,
            "#\n# {}: {}",
            line(&summary.said_title()),
            line(&summary.said_subject(plan))
        );
        for note in &summary.said_notes() {
            let _ = writeln!(out, "#   - {}", line(note));
        }
    }
    let effect = effect(plan);
    if !effect.is_empty() {
        out.push_str("#\n# What it does to access:\n");
    }
    for told in effect {
        let _ = writeln!(out, "#   - {told}");
    }
}

/// All that a plan does to access, gravest first; nothing where that was not worked out.
pub(crate) fn effect(plan: &Plan) -> Vec<String> {
    plan.preview.effect.iter().flat_map(Foreseen::whole_lines).map(|told| line(&told)).collect()
}

/// The first digits of the digest: enough to tell plans apart.
pub(crate) fn short_digest(plan: &Plan) -> &str {
    plan.digest.get(..16).unwrap_or(&plan.digest)
}
