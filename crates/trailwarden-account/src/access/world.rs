//! The models of an instant, and where to look in them.

use std::borrow::Cow;
use std::sync::Arc;

use trailwarden_model::{AccountId, Timestamp};
use trailwarden_policy::{Document, facts};

use super::{Principal, Rcps, Scps, Standing};
use crate::fact::{Fact, Proof};
use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::models::Models;
use crate::organization::Organization;
use crate::trust::{in_force, in_force_on, likely_role};

/// The models of some accounts at one instant.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    models: &'a Models,
    replaced: Option<&'a Model>,
    now: Option<Timestamp>,
}

impl<'a> World<'a> {
    /// These models, at the time of the last event or baseline that any of them took in.
    #[must_use]
    pub fn of(models: &'a Models) -> Self {
        let now = models.iter().filter_map(Model::time).max();
        Self { models, replaced: None, now }
    }

    /// The same at another time, which decides about conditions on `aws:CurrentTime`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// What time it is; none when nothing tells.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// The same with another model in the place of its account's: what was, or what would be.
    #[must_use]
    pub fn with(self, model: &'a Model) -> Self {
        Self { replaced: Some(model), ..self }
    }

    /// The model of an account.
    #[must_use]
    pub fn model(&self, account: AccountId) -> Option<&'a Model> {
        self.replaced
            .filter(|model| model.account() == account)
            .or_else(|| self.models.get(account))
    }

    /// All models, by account id.
    pub fn models(&self) -> impl Iterator<Item = &'a Model> + use<'a> {
        let replaced = self.replaced;
        let is_new = replaced.is_some_and(|model| self.models.get(model.account()).is_none());
        let all = self.models.iter().map(move |model| match replaced {
            Some(other) if other.account() == model.account() => other,
            _ => model,
        });
        all.chain(replaced.filter(|_| is_new))
    }

    /// The organization that an account lies in, and the account that manages it: that whose model tells
    /// of it, unless the model says otherwise. It is the one whose tree names the account, else the only
    /// one with policies.
    #[must_use]
    pub fn organization_of(&self, account: AccountId) -> Option<(AccountId, &'a Organization)> {
        let id: Arc<str> = account.to_string().into();
        let told = |model: &'a Model| {
            let organization = model.organization();
            (organization.manager.unwrap_or(model.account()), organization)
        };
        let known = || self.models().map(told);
        known().find(|(_, organization)| organization.parents.contains_key(&id)).or_else(|| {
            let mut with_policies = known().filter(|(_, found)| found.has_policies());
            with_policies.next().filter(|_| with_policies.next().is_none())
        })
    }

    /// The service control policies over an account.
    #[must_use]
    pub fn scps(&self, account: AccountId) -> Scps {
        Scps::of(*self, account)
    }

    /// The resource control policies over what an account owns.
    #[must_use]
    pub fn rcps(&self, account: AccountId) -> Rcps {
        Rcps::of(*self, account)
    }

    /// The trust policy of a role as it counts: without principals that were deleted, and with what
    /// resource control policies deny to whoever enters.
    #[must_use]
    pub fn trust<'r>(&self, model: &Model, role: &'r Identity) -> Option<Cow<'r, Document>> {
        let document = role.trust.value()?.document().ok()?;
        Some(in_force(document, &self.rcps(model.account()), model, role))
    }

    /// The same of a policy that is written, or that somebody tried to write, into a role of that name.
    #[must_use]
    pub fn trust_as_written(&self, account: AccountId, role: &str, document: Document) -> Document {
        let Some(model) = self.model(account) else { return document };
        let known = model.find(Kind::Role, role);
        let arn = known.and_then(|role| role.arn(model.partition(), account));
        let arn = arn.unwrap_or_else(|| likely_role(model, role));
        in_force_on(&document, &self.rcps(account), model, &arn).into_owned()
    }

    /// What decides for a user, role or root; also what a group gives, seen as if it could call.
    #[must_use]
    pub fn standing(&self, account: AccountId, id: &Id) -> Option<Standing> {
        let model = self.model(account)?;
        let identity = model.identity(id)?;
        let principal = Principal { now: self.now, ..Principal::of(model, identity) };
        let scps = match identity.kind == Kind::Group || identity.is_service_linked() {
            true => Scps::default(),
            false => Scps::of(*self, account),
        };
        let boundary = match identity.kind {
            Kind::User | Kind::Role => model.boundary_of(id),
            Kind::Group | Kind::Root => {
                Fact::known(None, &Proof::Published { date: facts::managed_date() })
            }
        };
        Some(Standing::new(principal, model.policies_of(id), boundary, scps))
    }
}
