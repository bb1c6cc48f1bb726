//! Carrying a plan out, and taking it back.

use trailwarden_aws::Identity;
use trailwarden_model::Timestamp;
use trailwarden_remedy::{Plan, Step};

use super::carrier::{Carrier, Resolved};
use super::going::Going;
use super::report::{Stop, Why};
use super::run::SideState;
use super::status::Status;
use super::witness::{Progress, Witness};
use super::{
    Approval, Direction, Event, Journal, Options, Refusal, Report, Run, Seen, World, admission,
};

/// Asks everything that [`apply`] asks before its first call, and changes nothing: neither the account nor
/// the journal. Says who asks.
///
/// # Errors
/// The plan would be refused.
pub fn check(
    world: &dyn World,
    journal: &Journal,
    plan: &Plan,
    options: Options,
) -> Result<Identity, Refusal> {
    Ok(checked(world, journal, plan, options)?.0)
}

/// The same, and what was not known of the caller and accepted.
fn checked(
    world: &dyn World,
    journal: &Journal,
    plan: &Plan,
    options: Options,
) -> Result<(Identity, Vec<String>), Refusal> {
    admission::not_begun(journal, plan)?;
    admission::bounded(plan, options, world.now())?;
    let caller = admission::caller(world, plan)?;
    let doubts = admission::ready(world, plan, &caller, options)?;
    Ok((caller, doubts))
}

/// Writes down what was accepted of a run.
fn accepted(
    world: &dyn World,
    journal: &mut Journal,
    run: &str,
    doubts: Vec<String>,
) -> Result<(), Refusal> {
    if !doubts.is_empty() {
        journal.append(world.now(), Some(run), Event::Accepted { doubts })?;
    }
    Ok(())
}

/// Carries out a plan that was approved, step by step, and stops at the first surprise. The journal keeps to what
/// its preview was held.
///
/// # Errors
/// Nothing was done, and the journal has no run of it.
pub fn apply(
    world: &dyn World,
    journal: &mut Journal,
    witness: &mut dyn Witness,
    plan: &Plan,
    (approval, seen): (&Approval, Option<&Seen>),
    options: Options,
) -> Result<Report, Refusal> {
    admission::approved(plan, approval)?;
    let (caller, doubts) = checked(world, journal, plan, options)?;
    let now = world.now();
    let run = free_id(journal, now);
    let begun = Event::Begun {
        plan: Box::new(plan.clone()),
        approval: approval.clone(),
        caller: caller.arn.clone(),
    };
    journal.append(now, Some(&run), begun)?;
    if let Some(Seen { by, unknown }) = seen.cloned() {
        journal.append(world.now(), Some(&run), Event::Foreseen { by, unknown })?;
    }
    accepted(world, journal, &run, doubts)?;
    let carrier = Carrier::new(world, journal, witness, run, plan, caller.partition);
    Ok(forward(carrier))
}

/// Goes on with a run that stopped or was broken off, at whatever point. Of the options only
/// [`Options::accept_unknown`] counts: the bounds were asked for when the run began.
///
/// # Errors
/// Nothing was done: there is no such run, it is over, or this is not who or what was approved.
pub fn resume(
    world: &dyn World,
    journal: &mut Journal,
    witness: &mut dyn Witness,
    run: &str,
    approval: &Approval,
    options: Options,
) -> Result<Report, Refusal> {
    let begun = open_run(journal, run, Direction::Apply)?;
    let caller = admitted(world, &begun, approval)?;
    let doubts = super::own::refuse(world, &begun.plan, &caller, options)?;
    continued(world, journal, &begun, approval, &caller, Direction::Apply)?;
    accepted(world, journal, run, doubts)?;
    let plan = &begun.plan;
    let carrier = Carrier::new(world, journal, witness, begun.id, plan, caller.partition);
    Ok(forward(carrier))
}

/// Takes a run back, whether it came to its end or not, and whether or not that was begun before: each step
/// in reverse, as long as the account is as the step left it. Steps that cannot be taken back stay, and are
/// told.
///
/// # Errors
/// Nothing was done: there is no such run, it is taken back, or this is not who or what was approved.
pub fn undo(
    world: &dyn World,
    journal: &mut Journal,
    witness: &mut dyn Witness,
    run: &str,
    approval: &Approval,
) -> Result<Report, Refusal> {
    let begun = open_run(journal, run, Direction::Undo)?;
    let caller = admitted(world, &begun, approval)?;
    continued(world, journal, &begun, approval, &caller, Direction::Undo)?;
    let plan = &begun.plan;
    let mut carrier = Carrier::new(world, journal, witness, begun.id, plan, caller.partition);
    let steps = plan.steps.iter().enumerate().rev();
    let mut stop = None;
    for (at, step) in steps {
        if let Err(why) = back(&mut carrier, at, step) {
            stop = Some(why);
            break;
        }
    }
    Ok(ended(carrier, Direction::Undo, stop))
}

fn open_run(journal: &Journal, run: &str, direction: Direction) -> Result<Run, Refusal> {
    let found = journal.run(run).ok_or_else(|| Refusal::NoRun(run.to_owned()))?;
    may_go_on(found, direction)?;
    Ok(found.clone())
}

/// Whether a run can be gone on with, or taken back, by where it stands: what can be told before anybody is
/// asked to agree.
///
/// # Errors
/// It is over, or is being taken back.
pub fn may_go_on(run: &Run, direction: Direction) -> Result<(), Refusal> {
    let what = match (direction, run.status) {
        (Direction::Apply, Status::Applying | Status::Stopped) => return Ok(()),
        (Direction::Apply, _) => "gone on with",
        (Direction::Undo, Status::Undone | Status::PartlyUndone) => "taken back",
        (Direction::Undo, _) => return Ok(()),
    };
    Err(Refusal::Over { run: run.id.clone(), status: run.status.as_str(), what })
}

/// Who asks, when the run is what was approved.
fn admitted(world: &dyn World, run: &Run, approval: &Approval) -> Result<Identity, Refusal> {
    admission::approved(&run.plan, approval)?;
    run.plan.check_calls()?;
    admission::caller(world, &run.plan)
}

/// Notes that a run goes on.
fn continued(
    world: &dyn World,
    journal: &mut Journal,
    run: &Run,
    approval: &Approval,
    caller: &Identity,
    direction: Direction,
) -> Result<(), Refusal> {
    let event =
        Event::Continued { direction, approval: approval.clone(), caller: caller.arn.clone() };
    Ok(journal.append(world.now(), Some(&run.id), event)?)
}

fn forward(mut carrier: Carrier<'_>) -> Report {
    let plan = carrier.plan;
    let mut stop = None;
    for (at, step) in plan.steps.iter().enumerate() {
        carrier.begins(Direction::Apply, at, step);
        let done = going(&carrier, step).and_then(|going| carrier.carry(&going));
        if let Err(why) = done {
            stop = Some(why);
            break;
        }
    }
    ended(carrier, Direction::Apply, stop)
}

/// A step's own call, as far as it is known.
fn going<'p>(carrier: &Carrier<'p>, step: &'p Step) -> Result<Going<'p>, Stop> {
    Going::forward(step, &carrier.known).map_err(|cause| unknown(step, cause))
}

fn unknown(step: &Step, cause: String) -> Stop {
    let call = Some(format!("{}:{}", step.service, step.operation));
    Stop { why: Why::Unasked, step: Some(step.id.clone()), call, cause }
}

/// Takes one step back, if it was done.
fn back(carrier: &mut Carrier<'_>, at: usize, step: &Step) -> Result<(), Stop> {
    let Some(side) = carrier.side(Direction::Apply, &step.id) else { return Ok(()) };
    if side.state == SideState::NotDone || carrier.is_kept(&step.id) {
        return Ok(());
    }
    carrier.begins(Direction::Undo, at, step);
    let done = Going::forward(step, &carrier.known).map_err(|cause| unknown(step, cause))?;
    let mut doubt = String::new();
    if side.state == SideState::Unknown {
        match carrier.resolve(&done, &side) {
            Ok(Resolved::Not(cause)) => return carrier.not_done(&done, &cause),
            Ok(Resolved::Happened(reply)) => carrier.learned(&done, reply)?,
            Ok(Resolved::Again) => doubt = doubtful(step, None),
            // Nothing would be done about it anyway, and the steps before it are not to wait for that.
            Err(stop)
                if step.inverse.is_none() && matches!(stop.why, Why::Drift | Why::Unasked) =>
            {
                doubt = doubtful(step, Some(&stop.cause));
            }
            Err(stop) => return Err(stop),
        }
    }
    let inverse = Going::back(&done, &carrier.known).map_err(|cause| unknown(step, cause))?;
    match inverse {
        Some(inverse) => carrier.carry(&inverse),
        None => {
            let reason = step.said_reason().unwrap_or_default();
            let reason = format!("{doubt}{reason}");
            carrier.note(Event::Kept { step: step.id.clone(), reason: reason.clone() })?;
            carrier.witness.progress(&Progress::Kept { id: &step.id, reason: &reason });
            Ok(())
        }
    }
}

/// What is to be said of a step of which nobody knows whether it was carried out, and what to do about it.
fn doubtful(step: &Step, why: Option<&str>) -> String {
    let call = format!("{}:{}", step.service, step.operation);
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!(
        "whether it was carried out is not known{why}; look for what `{call}` does in the account, or for its record in CloudTrail; "
    )
}

/// Writes down how it ended, and tells it.
fn ended(mut carrier: Carrier<'_>, direction: Direction, mut stop: Option<Stop>) -> Report {
    let event = match &stop {
        None => Event::Ended { direction },
        Some(stop) => Event::Stopped { direction, reason: stop.to_string() },
    };
    if let Err(unwritten) = carrier.note(event) {
        stop.get_or_insert(unwritten);
    }
    Report::of(carrier.journal, &carrier.run, carrier.plan, stop)
}

/// The day and the number of the run in it: short enough to be typed.
fn free_id(journal: &Journal, now: Timestamp) -> String {
    let day: String = now.to_string().chars().take(10).filter(|it| *it != '-').collect();
    let taken = |id: &String| journal.run(id).is_some();
    let mut number = 1_usize;
    loop {
        let id = format!("{day}-{number}");
        if !taken(&id) {
            return id;
        }
        number += 1;
    }
}
