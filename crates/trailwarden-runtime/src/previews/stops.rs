//! Hard stops that follow from what a plan would do: nobody is left to take it back, or it hits whom it
//! must not.
//!
//! They stand beside the stops by name ([`trailwarden_remedy::stops`]): a name tells whom a plan is about,
//! the foreseen account whom it hits.

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
use crate::remedies::{Known, Works, none_left, works};

/// Conditions that an administrator can meet by himself: with a second factor, or by a new session.
const MET_AT_WILL: &[&str] = &["aws:multifactorauthpresent", "aws:tokenissuetime"];

/// The account as the drafts so far leave it.
pub(crate) struct Guard<'a> {
    known: Known<'a>,
    calls: Option<Calls>,
}

/// Drafts that nothing stops; see [`Guard::commit`].
pub(crate) struct Admitted(Option<Calls>);

impl<'a> Guard<'a> {
    pub(crate) fn new(known: Known<'a>) -> Self {
        let calls = model_of(known).map(|model| Calls::new(model, known.now));
        Self { known, calls }
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
        let (before, after) = (world.with(&change.before), world.with(&change.after));
        let able =
            |world: World<'_>, model: &Model, one: &Identity| able(self.known, world, model, one);
        let is_one = |world: World<'_>, model: &Model, id: &Id| {
            model.identity(id).is_some_and(|one| able(world, model, one) == Works::Yes)
        };
        let was_one = hit
            .iter()
            .any(|id| is_one(before, &change.before, id) && !is_one(after, &change.after, id));
        if !was_one {
            return None;
        }
        let mut perhaps = Vec::new();
        for one in change.after.identities() {
            match able(after, &change.after, one) {
                Works::Yes => return None,
                Works::Unknown => perhaps.push(name_of(one)),
                Works::No => {}
            }
        }
        Some(none_left(perhaps))
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
fn able(known: Known<'_>, world: World<'_>, model: &Model, identity: &Identity) -> Works {
    if !matches!(identity.kind, Kind::User | Kind::Role) || identity.is_service_linked() {
        return Works::No;
    }
    let works = works(known, identity);
    let standing = || world.standing(model.account(), &identity.id);
    let is_one = works != Works::No && standing().is_some_and(|one| is_administrator(&one));
    if is_one { works } else { Works::No }
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
