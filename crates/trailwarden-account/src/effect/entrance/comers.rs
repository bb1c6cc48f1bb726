//! Who may enter a role at one instant: by its trust policy, and by what that leaves to the policies of its
//! account.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_policy::PolicyKind;
use trailwarden_policy::evaluate::{Compiled, Decision, Layer, Truth};
use trailwarden_policy::trust::{Grant, Who, effective_grants};

use super::news::decide;
use crate::access::{World, as_of};
use crate::digest::Mask;
use crate::effect::holders::holders;
use crate::effect::naming::arn_of;
use crate::effect::people::is_admin;
use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::trust::{in_force, is_deleted_provider, is_entry, unseen, without_namesakes};

/// The way into a role, as its trust policy has it.
#[derive(Debug)]
pub struct Comers<'a> {
    world: World<'a>,
    model: &'a Model,
    role: &'a Identity,
    grants: Vec<Grant>,
    trust: Compiled,
}

/// Whether somebody comes in, as far as anything is known. That he must do something for it, such as to sign in
/// with a second factor, makes no difference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Comes {
    /// He does not.
    No,
    /// It depends on what nobody has seen.
    Perhaps,
    /// He does.
    Yes,
}

/// Somebody who may no longer enter a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShutOut {
    /// Who.
    pub who: Id,
    /// The role.
    pub role: Id,
    /// Whether he could for certain.
    pub is_certain: bool,
}

impl<'a> Comers<'a> {
    /// None where the role's trust policy is not known.
    #[must_use]
    pub fn of(world: World<'a>, model: &'a Model, role: &'a Identity) -> Option<Self> {
        let document = role.trust.value()?.document().ok()?;
        let trust = in_force(document, &world.rcps(model.account()), model, role);
        let trust = without_namesakes(trust, &role.trust, world);
        let trust = as_of(trust, world.now());
        let grants = effective_grants(&trust).into_iter().filter(is_entry).collect();
        let trust = Compiled::new("trust policy", &trust, PolicyKind::Trust);
        Some(Self { world, model, role, grants, trust })
    }

    /// Whether anybody comes in who is no principal of the account and no service: somebody of another account,
    /// or for whom a provider vouches. What other accounts allow is not asked.
    #[must_use]
    pub fn others(&self) -> Comes {
        let comes = |grant: &Grant| match &grant.who {
            Who::Anyone if self.asks_for_its_own(grant) => Comes::No,
            Who::Anyone => Comes::Yes,
            Who::Account(account) | Who::Principal { account: Some(account), .. } => {
                if *account == self.model.account() { Comes::No } else { Comes::Yes }
            }
            who @ (Who::Saml(_) | Who::Oidc(_)) => self.vouched(who),
            Who::Principal { account: None, .. }
            | Who::Service(_)
            | Who::UniqueId(_)
            | Who::Canonical(_)
            | Who::Other(_) => Comes::No,
        };
        self.grants.iter().map(comes).max().unwrap_or(Comes::No)
    }

    fn vouched(&self, provider: &Who) -> Comes {
        let home = self.model.account();
        match unseen(provider, home, |account| self.world.model(account)) {
            None => Comes::Yes,
            Some(_) if is_deleted_provider(provider, self.model) => Comes::No,
            Some(_) => Comes::Perhaps,
        }
    }

    /// The users and roles of the account that come in.
    #[must_use]
    pub fn own(&self) -> BTreeMap<Id, Comes> {
        let mut found = BTreeMap::new();
        let mut note = |id: &Id, comes: Comes| {
            if comes != Comes::No && *id != self.role.id {
                let known = found.entry(id.clone()).or_insert(comes);
                *known = comes.max(*known);
            }
        };
        for (id, caller) in self.named() {
            note(id, self.comes(id, caller));
        }
        if self.is_left_to_the_account() {
            for id in self.able() {
                note(&id, self.comes(&id, None));
            }
        }
        found
    }

    /// Whom the trust policy names, a session by its ARN.
    fn named(&self) -> impl Iterator<Item = (&'a Id, Option<&str>)> {
        self.grants.iter().filter_map(|grant| match &grant.who {
            Who::Principal { account: Some(account), arn } if *account == self.model.account() => {
                let id = &self.model.find_arn(arn)?.id;
                Some((id, arn.contains(":assumed-role/").then_some(arn.as_str())))
            }
            Who::UniqueId(id) => Some((&self.model.identity(&Id::unique(id))?.id, None)),
            _ => None,
        })
    }

    /// Whether policies of the account decide who comes in.
    fn is_left_to_the_account(&self) -> bool {
        self.grants.iter().any(|grant| match &grant.who {
            Who::Account(account) => *account == self.model.account(),
            Who::Anyone => true,
            _ => false,
        })
    }

    /// Users and roles who may be allowed to enter some role: by a policy that was seen, or by one that was not.
    fn able(&self) -> BTreeSet<Id> {
        let assume = Mask::of(&["sts:AssumeRole"]);
        let role = arn_of(self.model, self.role);
        let mut found = holders(
            self.model,
            |all| &all.assume,
            |policy, _| policy.digest().is_some_and(|digest| digest.may_allow(assume, &role)),
        );
        // Whom a policy lets in by `*` needs none of his own.
        let is_anyone = self.grants.iter().any(|grant| grant.who == Who::Anyone);
        let is_seen = |one: &Identity| {
            let mut attached = one.attached.iter().map(|(arn, _)| arn);
            one.attached.is_complete()
                && one.inline.is_complete()
                && one.groups.is_complete()
                && attached.all(|arn| self.model.document_of(arn).is_known())
        };
        let callers = self
            .model
            .identities()
            .filter(|one| matches!(one.kind, Kind::User | Kind::Role) && !one.is_service_linked());
        let unseen = callers.filter(|one| is_anyone || !is_seen(one));
        found.extend(unseen.map(|one| one.id.clone()));
        found
    }

    fn comes(&self, id: &Id, caller: Option<&str>) -> Comes {
        let is_one = |one: &&Identity| {
            matches!(one.kind, Kind::User | Kind::Role) && !one.is_service_linked()
        };
        if self.model.identity(id).filter(is_one).is_none() {
            return Comes::No;
        }
        let Some(standing) = self.world.standing(self.model.account(), id) else {
            return Comes::Perhaps;
        };
        let own = standing.principal.likely_arn();
        let role = arn_of(self.model, self.role);
        decide(&standing, caller.unwrap_or(&own), &role, &self.trust)
            .map_or(Comes::Perhaps, |decision| self.told(&decision))
    }

    fn told(&self, decision: &Decision) -> Comes {
        let is_about_him = |key: &String| key.to_ascii_lowercase().starts_with("aws:principal");
        // Policies of the organization bind administrators alike, who are counted all the same.
        let is_unseen =
            |layer: &Layer| matches!(layer, Layer::Identity | Layer::Boundary | Layer::Resource);
        match decision.allowed {
            Truth::True => Comes::Yes,
            Truth::False => Comes::No,
            Truth::Unknown
                if decision.unknown_layers.iter().any(is_unseen)
                    || decision.missing_context.is_empty()
                    || decision.missing_context.iter().any(is_about_him) =>
            {
                Comes::Perhaps
            }
            Truth::Unknown => Comes::Yes,
        }
    }

    /// Whether a grant to anyone is for principals of the role's account alone.
    fn asks_for_its_own(&self, grant: &Grant) -> bool {
        let own = self.model.account().to_string();
        grant.conditions.iter().any(|condition| {
            let is_own = |value: &String| match condition.key.to_ascii_lowercase().as_str() {
                "aws:principalaccount" => *value == own,
                "aws:principalarn" => value.split(':').nth(4) == Some(own.as_str()),
                _ => false,
            };
            condition.demands_a_match(&grant.conditions) && condition.values.iter().all(is_own)
        })
    }
}

/// Who of an account could enter an administrator role before a change and can no longer, though the role stays
/// one. What a trust policy shuts by itself is told as [`super::Entrance`].
#[must_use]
pub fn shut_out(before: (World<'_>, &Model), after: (World<'_>, &Model)) -> Vec<ShutOut> {
    let (_, model) = after;
    let is_one = |role: &&Identity| {
        let standing = || after.0.standing(model.account(), &role.id);
        !role.is_service_linked() && standing().is_some_and(|standing| is_admin(&standing))
    };
    let mut all = Vec::new();
    for role in model.of_kind(Kind::Role).filter(is_one) {
        let Some(was) = before.1.identity(&role.id) else { continue };
        let could = Comers::of(before.0, before.1, was).map(|one| one.own()).unwrap_or_default();
        let Some(can) = Comers::of(after.0, model, role).map(|one| one.own()) else { continue };
        let gone = could.into_iter().filter(|(id, _)| !can.contains_key(id));
        all.extend(gone.map(|(who, comes)| ShutOut {
            who,
            role: role.id.clone(),
            is_certain: comes == Comes::Yes,
        }));
    }
    all
}
