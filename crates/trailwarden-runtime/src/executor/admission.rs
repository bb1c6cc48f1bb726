//! Whether a plan may be carried out now, here, and by this caller: everything that is asked before the
//! first call.

use trailwarden_aws::Identity;
use trailwarden_model::Timestamp;
use trailwarden_remedy::calls::{self, shown};
use trailwarden_remedy::plan::{Argument, Check, Error, Excess, Expected, Part};
use trailwarden_remedy::render::is_early;
use trailwarden_remedy::{Plan, Step};

use super::going::is_maker;
use super::look::{Holds, Look};
use super::status::Status;
use super::{Approval, Journal, Options, Refusal, StepState, World, own};

/// Whether a plan is what was approved.
///
/// # Errors
/// It is not, or is none of ours.
pub(super) fn approved(plan: &Plan, approval: &Approval) -> Result<(), Refusal> {
    let digest = plan.computed_digest();
    if plan.digest != digest || approval.digest != digest {
        let approved = approval.digest.clone();
        return Err(Refusal::NotApproved { plan: digest, approved });
    }
    Ok(())
}

/// Whether a plan keeps to its bounds.
///
/// # Errors
/// The first that it does not keep to.
pub(super) fn bounded(plan: &Plan, options: Options, now: Timestamp) -> Result<(), Refusal> {
    plan.check()?;
    for step in &plan.steps {
        let Some(inverse) = &step.inverse else { continue };
        // It would be taken back by making something else, with secrets of its own.
        if calls::find(&inverse.service, &inverse.operation).is_none_or(is_maker) {
            let call = format!("{}:{}", inverse.service, inverse.operation);
            return Err(Error::Call { step: step.id.clone(), call }.into());
        }
    }
    if plan.steps.is_empty() {
        return Err(Refusal::Empty);
    }
    if let Some(time) = plan.preview.apply_before.filter(|time| now >= *time) {
        return Err(Refusal::TooOld(time));
    }
    // The steps themselves are counted, whatever the preview says.
    let irreversible = plan.steps.iter().filter(|step| step.inverse.is_none());
    let irreversible: Vec<String> = irreversible.map(|step| step.id.clone()).collect();
    if !irreversible.is_empty() && !options.accept_irreversible {
        return Err(Refusal::Irreversible(irreversible));
    }
    let excesses = plan.excesses(options.steps_max, options.principals_max);
    if let Some(Excess { what, count, most, .. }) = excesses.first().copied() {
        return Err(Refusal::TooMany { what, count, most });
    }
    Ok(())
}

/// Who asks, of the plan's account.
///
/// # Errors
/// Another account, or AWS does not say.
pub(super) fn caller(world: &dyn World, plan: &Plan) -> Result<Identity, Refusal> {
    let caller = world.identity()?;
    let account = caller.account.to_string();
    if account != plan.account {
        return Err(Refusal::Account { caller: account, plan: plan.account.clone() });
    }
    Ok(caller)
}

/// Whether everything that can be asked before the first call is as the plan takes it to be, and the
/// caller keeps his access; why that is not known, where it was accepted.
///
/// # Errors
/// What is not so.
pub(super) fn ready(
    world: &dyn World,
    plan: &Plan,
    caller: &Identity,
    options: Options,
) -> Result<Vec<String>, Refusal> {
    let doubts = own::refuse(world, plan, caller, options)?;
    let mut look = Look::new(world);
    for step in &plan.steps {
        let early = step.preconditions.iter().filter(|check| is_first(plan, step, check));
        let early: Vec<Check> = early.cloned().collect();
        let step_id = step.id.clone();
        match look.all_hold(step.region.as_deref(), &early) {
            Holds::Yes => {}
            Holds::No(cause) => return Err(Refusal::Drift { step: step_id, cause }),
            Holds::Unknown(cause) => return Err(Refusal::Unasked { step: step_id, cause }),
        }
    }
    Ok(doubts)
}

/// Whether a check can be made before the first call: nothing that it is about is made or changed by an
/// earlier step.
fn is_first(plan: &Plan, step: &Step, check: &Check) -> bool {
    let mut earlier = plan.steps.iter().take_while(|other| other.id != step.id);
    is_early(plan, step, check)
        && !awaits_reply(check)
        && !earlier.any(|other| changes(other, check))
}

/// Whether a check compares with what an earlier step replies.
fn awaits_reply(check: &Check) -> bool {
    let is_reply = |argument: &Argument| matches!(argument, Argument::Result { .. });
    let is_expected = match &check.expected {
        Expected::Equals(argument) | Expected::Differs(argument) => is_reply(argument),
        Expected::Document(_) | Expected::Present | Expected::Absent => false,
    };
    is_expected
        || check.path.iter().any(|part| match part {
            Part::Where(members) => members.values().any(|value| is_reply(&Argument::of(value))),
            Part::Member(_) => false,
        })
}

/// Whether what a step shows is at the place of a check, above it or below it.
fn changes(step: &Step, check: &Check) -> bool {
    let call = calls::find(&step.service, &step.operation);
    let shown = call.map(|call| shown(call, &step.input)).unwrap_or_default();
    shown.iter().any(|shown| {
        let is_same = shown.service == check.service
            && shown.operation == check.operation
            && shown.input == check.input;
        is_same && is_beginning(&shown.path, &check.path)
    })
}

/// Whether one of two ways begins with the other.
fn is_beginning(one: &[Part], other: &[Part]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

/// Whether no run of the plan is under way or came to its end, whose steps would be taken for drift.
///
/// # Errors
/// The run.
pub(super) fn not_begun(journal: &Journal, plan: &Plan) -> Result<(), Refusal> {
    let untouched = [StepState::New, StepState::Undone];
    // The latest decides: what was taken back once may have been carried out again since.
    let mut runs = journal.runs().iter().rev().filter(|run| run.plan.digest == plan.digest);
    let touched = runs.find(|run| run.steps().iter().any(|step| !untouched.contains(&step.state)));
    let Some(run) = touched else { return Ok(()) };
    match run.status {
        Status::Applying | Status::Stopped | Status::Undoing | Status::UndoStopped => {
            Err(Refusal::Begun { run: run.id.clone(), status: run.status.as_str() })
        }
        Status::Applied => Err(Refusal::Applied { run: run.id.clone(), time: run.time }),
        // What stays of it shows in what must hold.
        Status::Undone | Status::PartlyUndone => Ok(()),
    }
}
