//! The principals behind the grants of a trust policy.

use std::sync::Arc;

use trailwarden_model::AccountId;
use trailwarden_policy::evaluate::{Caller, Compiled, Decision, Layer, Request};
use trailwarden_policy::reach::Grade;
use trailwarden_policy::trust::{Gained, Grant, Who};
use trailwarden_policy::{Document, Effect, PolicyKind};

use super::{Entrance, Entrant, grade_of};
use crate::access::{Standing, World};
use crate::digest::Mask;
use crate::effect::Judging;
use crate::effect::holders::holders;
use crate::effect::naming::arn_of;
use crate::effect::people::is_admin;
use crate::graph::doubts_of;
use crate::identity::{Identity, Kind};
use crate::model::Model;
use crate::query::name_of;
use crate::text::PolicyText;
use crate::trust::{asks_absence, is_entry, unseen};

pub(super) struct Finding<'a> {
    judging: &'a Judging<'a>,
    model: &'a Model,
    role: &'a Identity,
    role_arn: Arc<str>,
    old: Option<Compiled>,
    new: Compiled,
    /// Condition keys that either asks to be absent.
    unwanted: Vec<String>,
    /// How far the role goes; none when that is not known.
    pub(super) grade: Option<Grade>,
}

/// Somebody whom a grant lets in.
struct Found {
    who: Entrant,
    has_already: bool,
    doubts: Vec<String>,
}

impl Found {
    fn outside(who: Entrant, doubt: Option<String>) -> Self {
        Self { who, has_already: false, doubts: doubt.into_iter().collect() }
    }
}

impl<'a> Finding<'a> {
    /// Without an old policy, what was before is not known.
    pub(super) fn new(
        judging: &'a Judging<'a>,
        model: &'a Model,
        role: &'a Identity,
        old: Option<&Document>,
        new: &Document,
    ) -> Self {
        let compiled = |document| Compiled::new("trust policy", document, PolicyKind::Trust);
        Self {
            judging,
            model,
            role,
            role_arn: arn_of(model, role).into(),
            old: old.map(compiled),
            new: compiled(new),
            unwanted: old.into_iter().chain([new]).flat_map(unwanted).collect(),
            grade: grade_of(judging.after, model.account(), &role.id),
        }
    }

    /// Who enters by grants that are new, or that are gone.
    pub(super) fn entrances(&self, grants: &[Gained], is_new: bool) -> Vec<Entrance> {
        let mut found: Vec<Entrance> = Vec::new();
        for Gained { grant, instead_of } in grants.iter().filter(|gained| is_entry(&gained.grant)) {
            for Found { who, has_already, doubts } in self.behind(grant, is_new) {
                // Of a principal all grants together were asked.
                let is_told = |other: &Entrance| {
                    let is_same = other.grant.conditions == grant.conditions;
                    other.who == who && (is_same || who.id().is_some())
                };
                if found.iter().any(is_told) {
                    continue;
                }
                let is_known = self.old.is_some() && self.grade.is_some();
                found.push(Entrance {
                    account: self.model.account(),
                    role: self.role.id.clone(),
                    label: name_of(self.role),
                    role_arn: self.role_arn.to_string(),
                    grade: self.grade,
                    is_certain: is_known
                        && doubts.is_empty()
                        && (grant.conditions.is_empty() || who.id().is_some()),
                    who,
                    grant: grant.clone(),
                    instead_of: instead_of.clone(),
                    doubts,
                    has_already,
                    is_actor: false,
                });
            }
        }
        found
    }

    fn behind(&self, grant: &Grant, is_new: bool) -> Vec<Found> {
        let world = if is_new { self.judging.after } else { self.judging.before };
        match &grant.who {
            Who::Account(account) => self.of_account(*account, grant, world, is_new),
            Who::Principal { account: Some(account), arn } => {
                let known = world.model(*account).and_then(|m| Some((m, m.find_arn(arn)?)));
                match known {
                    Some((model, identity)) => {
                        let found = self.named(model, identity, world, is_new);
                        found.into_iter().collect()
                    }
                    None => self.as_written(grant, world),
                }
            }
            Who::UniqueId(id) => {
                let id = crate::Id::unique(id);
                let known = self.model.identity(&id);
                let found = known.and_then(|one| self.named(self.model, one, world, is_new));
                found.into_iter().collect()
            }
            _ => self.as_written(grant, world),
        }
    }

    fn as_written(&self, grant: &Grant, world: World<'_>) -> Vec<Found> {
        let doubt = unseen(&grant.who, self.model.account(), |account| world.model(account));
        let who = Entrant::as_written(&grant.who);
        who.map(|who| Found::outside(who, doubt)).into_iter().collect()
    }

    /// A principal that the policy names, if that lets him in and did not before.
    fn named(
        &self,
        model: &Model,
        identity: &Identity,
        world: World<'_>,
        is_new: bool,
    ) -> Option<Found> {
        let who = principal(model, identity);
        let Some(standing) = world.standing(model.account(), &identity.id) else {
            return Some(Found { who, has_already: false, doubts: Vec::new() });
        };
        let doubts = match self.news(&standing, is_new) {
            Some(doubts) => doubts?,
            // His account may give him leave at any time.
            None if model.account() != self.model.account() => vec![leave_to_come(model.account())],
            None => return None,
        };
        Some(Found { who, has_already: self.has_already(&standing), doubts })
    }

    /// Those of a modelled account who may use what the trust policy leaves to their account.
    fn of_account(
        &self,
        account: AccountId,
        grant: &Grant,
        world: World<'_>,
        is_new: bool,
    ) -> Vec<Found> {
        let Some(model) = world.model(account) else { return self.as_written(grant, world) };
        let mut found = Vec::new();
        let assume = Mask::of(&["sts:AssumeRole"]);
        let may_assume = |policy: &PolicyText| {
            policy.digest().is_some_and(|digest| digest.may_allow(assume, &self.role_arn))
        };
        for id in holders(model, |all| &all.assume, |policy, _| may_assume(policy)) {
            let Some(identity) = model.identity(&id) else { continue };
            if id == self.role.id || identity.is_service_linked() {
                continue;
            }
            let Some(standing) = world.standing(account, &id) else { continue };
            if let Some(Some(doubts)) = self.news(&standing, is_new) {
                let has_already = self.has_already(&standing);
                found.push(Found { who: principal(model, identity), has_already, doubts });
            }
        }
        // Whom that account lets go there is its own affair, from now on too.
        if found.is_empty() && account != self.model.account() {
            return vec![Found::outside(Entrant::Account(account), Some(leave_to_come(account)))];
        }
        found
    }

    /// What it depends on that somebody may enter by one policy: nothing inside when he may by the
    /// other for certain, none when he may not at all.
    #[expect(clippy::option_option, reason = "not at all, not newly, and on which conditions")]
    fn news(&self, standing: &Standing, is_new: bool) -> Option<Option<Vec<String>>> {
        let (trust, other) = match is_new {
            true => (Some(&self.new), self.old.as_ref()),
            false => (self.old.as_ref(), Some(&self.new)),
        };
        let doubts = self.doubts(standing, trust?)?;
        let before = other.and_then(|other| self.doubts(standing, other));
        let could = before.is_some_and(|doubts| doubts.is_empty());
        Some((!could).then_some(doubts))
    }

    fn doubts(&self, standing: &Standing, trust: &Compiled) -> Option<Vec<String>> {
        let decision = decide(standing, &self.role_arn, trust)?;
        let of_identity = |layer: Layer| {
            let mut given = decision.statements.iter();
            given.any(|one| one.effect == Effect::Allow && one.layer == layer)
        };
        // What was not seen may allow anything, and is no reason to say so.
        let is_seen = of_identity(Layer::Identity) || of_identity(Layer::Resource);
        if !is_seen || decision.allowed.is_false() {
            return None;
        }
        let is_unwanted =
            |key: &str| self.unwanted.iter().any(|unwanted| unwanted.eq_ignore_ascii_case(key));
        Some(doubts_of(&decision, &standing.principal.label, &name_of(self.role), is_unwanted))
    }

    /// Whether whoever enters is administrator where the role is.
    fn has_already(&self, standing: &Standing) -> bool {
        standing.principal.account == self.model.account() && is_admin(standing)
    }
}

/// The condition keys that whoever is let in must not give.
fn unwanted(trust: &Document) -> Vec<String> {
    let allows = trust.statements.iter().filter(|one| one.effect == Effect::Allow);
    let conditions = allows.flat_map(|one| &one.conditions);
    conditions.filter(|one| asks_absence(one)).map(|one| one.key.clone()).collect()
}

/// Whether all policies of everybody in the account but the role itself are known by name.
pub(super) fn knows_all_grants(model: &Model, role: &Identity) -> bool {
    let listed = model.listed();
    let is_whole = |one: &Identity| {
        one.attached.is_complete() && one.inline.is_complete() && one.groups.is_complete()
    };
    let mut others = model.identities().filter(|one| one.kind != Kind::Root && one.id != role.id);
    [&listed.users, &listed.groups, &listed.roles].iter().all(|list| list.is_known())
        && others.all(|one| one.is_service_linked() || is_whole(one))
}

/// Whether a principal may assume the role of that ARN.
pub(super) fn decide(standing: &Standing, role: &str, trust: &Compiled) -> Option<Decision> {
    let caller = standing.principal.likely_arn();
    let caller = Caller::parse(&caller).ok()?;
    let context = standing.context();
    let request = Request::new(caller, "sts:AssumeRole", role, &context);
    Some(standing.decide_request(request, Some(trust)))
}

/// What a principal needs besides that his account does not allow him today.
fn leave_to_come(account: AccountId) -> String {
    format!("policies of account {account} come to allow it")
}

fn principal(model: &Model, identity: &Identity) -> Entrant {
    Entrant::Principal {
        account: model.account(),
        id: identity.id.clone(),
        label: name_of(identity),
        arn: arn_of(model, identity),
    }
}
