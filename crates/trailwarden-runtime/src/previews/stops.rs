//! Hard stops that follow from what a plan would do: nobody is left to take it back, or it hits whom it
//! must not.
//!
//! They stand beside the stops by name ([`trailwarden_remedy::stops`]): a name tells whom a plan is about,
//! the foreseen account whom it hits.

use std::cell::RefCell;

use trailwarden_account::change::Subject;
use trailwarden_account::effect::{Effect, Entrant};
use trailwarden_account::query::name_of;
use trailwarden_account::{Change, Id, Identity, Kind, Model, Standing, World, judge};
use trailwarden_policy::reach::{Conditions, Grade, Grant};
use trailwarden_remedy::plan::Plan;
use trailwarden_remedy::{Draft, NoPlan, Stop};

use super::calls::Calls;
use super::principals::is_of_identity_center;
use super::{applied, model_of};
use crate::remedies::{Known, Workers, Works, none_left};

/// Conditions that an administrator can meet by himself: with a second factor, or by a new session.
const MET_AT_WILL: &[&str] = &["aws:multifactorauthpresent", "aws:tokenissuetime"];

/// The account as the drafts so far leave it.
pub(crate) struct Guard<'a> {
    known: Known<'a>,
    calls: Option<Calls>,
    /// Who was found last to be able to put things right: mostly it still is.
    last: RefCell<Option<Id>>,
}

/// Who is left who can put things right.
#[derive(Debug)]
enum Left {
    One,
    /// These, where what is not known is so.
    Perhaps(Vec<String>),
    None,
}

impl Left {
    fn is_one(&self) -> bool {
        matches!(self, Self::One)
    }
}

/// Drafts that nothing stops; see [`Guard::commit`].
pub(crate) struct Admitted(Option<Calls>);

impl<'a> Guard<'a> {
    pub(crate) fn new(known: Known<'a>) -> Self {
        let calls = model_of(known).map(|model| Calls::new(model, known.now));
        Self { known, calls, last: RefCell::default() }
    }

    /// Whether drafts may join those so far.
    pub(crate) fn admit(&self, drafts: &[Draft]) -> Result<Admitted, NoPlan> {
        let (account, now) = (self.known.snapshot.account, self.known.now);
        self.after(&Plan::from_drafts(account, now, now, drafts.to_vec())).map(Admitted)
    }

    /// Whether a plan as it was read may be carried out once earlier ones are.
    pub(super) fn admit_plan(&mut self, earlier: &[&Plan], plan: &Plan) -> Result<(), NoPlan> {
        if let Some(calls) = &mut self.calls {
            earlier.iter().for_each(|one| calls.follow(one));
        }
        self.after(plan).map(drop)
    }

    /// The account after the calls of a plan, unless something stops it.
    fn after(&self, plan: &Plan) -> Result<Option<Calls>, NoPlan> {
        let Some(mut calls) = self.calls.clone() else { return Ok(None) };
        calls.settle();
        for step in &plan.steps {
            // What is not foreseen is told in the preview, and is no reason to stop.
            drop(calls.make(step));
        }
        match calls.change().and_then(|change| self.stop(&change)) {
            Some(no_plan) => Err(no_plan),
            None => Ok(Some(calls)),
        }
    }

    /// Takes in drafts that join the plan.
    pub(crate) fn commit(&mut self, admitted: Admitted) {
        self.calls = admitted.0;
    }

    fn stop(&self, change: &Change) -> Option<NoPlan> {
        for touched in &change.touched {
            let Subject::Identity(Kind::Role, id) = &touched.subject else { continue };
            let Some(role) = change.before.identity(id) else { continue };
            if role.is_service_linked() {
                return Some(NoPlan::Stopped(Stop::ServiceLinkedRole));
            }
            if is_of_identity_center(role) {
                return Some(NoPlan::Stopped(Stop::IdentityCenterRole));
            }
        }
        let world = World::of(self.known.models).at(applied(self.known));
        let effect = judge(world, change, None);
        let hit = hit(&effect);
        let identities = hit.iter().filter_map(|id| change.before.identity(id));
        if identities.into_iter().any(|one| self.is_break_glass(&change.before, one)) {
            return Some(NoPlan::Stopped(Stop::BreakGlass));
        }
        if hit.is_empty() {
            return None;
        }
        let (before, after) = (world.with(&change.before), world.with(&change.after));
        let left = self.left(after, &change.after);
        let had = || self.left(before, &change.before);
        // Whether one loses it by his own permissions or by those of whoever could act as him is all one.
        match left {
            Left::One => None,
            Left::Perhaps(names) => had().is_one().then(|| none_left(names, Some(&change.after))),
            Left::None => {
                let no_plan = none_left(Vec::new(), Some(&change.after));
                match had() {
                    Left::One => Some(no_plan),
                    // Of whom it was not known whether he works, he may have been the only one who did.
                    Left::Perhaps(_) => Some(no_plan).filter(|it| matches!(it, NoPlan::Stopped(_))),
                    Left::None => None,
                }
            }
        }
    }

    /// Who can put things right in an account, people before roles: they are asked soonest.
    fn left(&self, world: World<'_>, model: &Model) -> Left {
        let last = self.last.borrow().clone();
        let last = last.as_ref().and_then(|id| model.identity(id));
        let users = model.of_kind(Kind::User);
        let (mut perhaps, mut workers) = (Vec::new(), Workers::new(self.known, world, model));
        for one in last.into_iter().chain(users).chain(model.of_kind(Kind::Role)) {
            match able(&mut workers, world, model, one) {
                Works::Yes => {
                    self.last.replace(Some(one.id.clone()));
                    return Left::One;
                }
                Works::Unknown => perhaps.push(name_of(one)),
                Works::No => {}
            }
        }
        perhaps.sort();
        perhaps.dedup();
        if perhaps.is_empty() { Left::None } else { Left::Perhaps(perhaps) }
    }

    fn is_break_glass(&self, model: &Model, identity: &Identity) -> bool {
        let arn = identity.arn(model.partition(), model.account());
        let is_named = |named: &String| {
            identity.name.eq_ignore_ascii_case(named) || arn.as_ref() == Some(named)
        };
        self.known.break_glass.iter().any(is_named)
    }
}

/// Who loses anything: permissions, a credential, the way into a role, or who may enter it.
fn hit(effect: &Effect) -> Vec<Id> {
    let lost = effect.moved.iter().filter(|moved| !moved.lost.is_empty());
    let mut all: Vec<Id> = lost.map(|moved| moved.id.clone()).collect();
    all.extend(effect.taken.iter().map(|taken| taken.owner.clone()));
    for shut in &effect.shut {
        all.push(shut.role.clone());
        if let Entrant::Principal { account, id, .. } = &shut.who
            && *account == effect.account
        {
            all.push(id.clone());
        }
    }
    all.sort();
    all.dedup();
    all
}

/// Whether somebody can act as it, and has full control when he wants to.
fn able(workers: &mut Workers<'_>, world: World<'_>, model: &Model, identity: &Identity) -> Works {
    if !matches!(identity.kind, Kind::User | Kind::Role) || identity.is_service_linked() {
        return Works::No;
    }
    // Of a role it takes longer to find out who enters it.
    let is_user = identity.kind == Kind::User;
    let is_one = || {
        let standing = world.standing(model.account(), &identity.id);
        standing.is_some_and(|one| is_administrator(&one))
    };
    match is_user {
        true => Some(workers.works(identity)).filter(|works| *works != Works::No && is_one()),
        false => is_one().then(|| workers.works(identity)),
    }
    .unwrap_or(Works::No)
}

fn is_administrator(standing: &Standing) -> bool {
    if standing.grading().unconditional == Grade::Admin {
        return true;
    }
    let grants: Vec<Grant> = standing.reach().grants().iter().map(at_will).collect();
    standing.graded(&grants).unconditional == Grade::Admin
}

/// A grant without conditions that its holder can meet by himself.
fn at_will(grant: &Grant) -> Grant {
    let (all, unless) = (grant.conditions.all(), grant.conditions.unless());
    let is_met =
        all.iter().chain(unless.iter().flatten()).all(|one| MET_AT_WILL.contains(&one.key()));
    let conditions = if is_met { Conditions::none() } else { grant.conditions.clone() };
    Grant { conditions, ..grant.clone() }
}
