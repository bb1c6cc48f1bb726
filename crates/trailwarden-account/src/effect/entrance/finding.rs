//! The principals behind the grants of a trust policy.

use trailwarden_model::AccountId;
use trailwarden_policy::evaluate::Outcome;
use trailwarden_policy::reach::Grade;
use trailwarden_policy::trust::{self, Who, is_conditioned};
use trailwarden_policy::{Document, Effect};

use super::{Entrance, Entrant, grade_of, may_enter};
use crate::access::{Standing, World};
use crate::effect::Judging;
use crate::effect::holders::{holders, may_cover};
use crate::effect::naming::arn_of;
use crate::effect::people::is_admin;
use crate::identity::Identity;
use crate::model::Model;
use crate::query::name_of;

pub(super) struct Finding<'a> {
    pub(super) judging: &'a Judging<'a>,
    pub(super) model: &'a Model,
    pub(super) role: &'a Identity,
    pub(super) old: Option<&'a Document>,
    pub(super) new: &'a Document,
    pub(super) is_old_known: bool,
}

impl Finding<'_> {
    pub(super) fn grade(&self) -> Option<Grade> {
        grade_of(self.judging.after, self.model.account(), &self.role.id)
    }

    pub(super) fn entrances(
        &self,
        grants: &[trust::Grant],
        world: World<'_>,
        is_new: bool,
    ) -> Vec<Entrance> {
        let mut found: Vec<Entrance> = Vec::new();
        let grade = self.grade();
        for grant in grants {
            for (who, has_already) in self.entrants(grant, world, is_new) {
                if found.iter().any(|entrance| entrance.who == who) {
                    continue;
                }
                found.push(Entrance {
                    account: self.model.account(),
                    role: self.role.id.clone(),
                    label: name_of(self.role),
                    role_arn: arn_of(self.model, self.role),
                    who,
                    grade,
                    is_conditioned: is_conditioned(grant),
                    has_already,
                    is_actor: false,
                    is_certain: self.is_old_known && grade.is_some() && grant.conditions.is_empty(),
                });
            }
        }
        found
    }

    fn entrants(
        &self,
        grant: &trust::Grant,
        world: World<'_>,
        is_new: bool,
    ) -> Vec<(Entrant, bool)> {
        match &grant.who {
            Who::Anyone => vec![(Entrant::Anyone, false)],
            Who::Service(name) => vec![(Entrant::Service(name.clone()), false)],
            Who::Saml(arn) | Who::Oidc(arn) => vec![(Entrant::Federated(arn.clone()), false)],
            Who::Account(account) => self.of_account(*account, world, is_new),
            Who::Principal { account, arn } => vec![self.named(*account, arn, world)],
            // Nobody of today: the principal was deleted (IAM User Guide, "AWS JSON policy
            // elements: Principal").
            Who::UniqueId(_) => Vec::new(),
            Who::Canonical(text) | Who::Other(text) => {
                vec![(Entrant::Named(None, text.clone()), false)]
            }
        }
    }

    fn named(&self, account: Option<AccountId>, arn: &str, world: World<'_>) -> (Entrant, bool) {
        let model = account.and_then(|account| world.model(account));
        let Some((model, identity)) = model.and_then(|m| Some((m, m.find_arn(arn)?))) else {
            return (Entrant::Named(account, arn.to_owned()), false);
        };
        let standing = world.standing(model.account(), &identity.id);
        let has_already = standing.is_some_and(|standing| self.has_already(&standing));
        (principal(model, identity), has_already)
    }

    /// Those of a modelled account who may use what the trust policy leaves to their account.
    fn of_account(
        &self,
        account: AccountId,
        world: World<'_>,
        is_new: bool,
    ) -> Vec<(Entrant, bool)> {
        let Some(model) = world.model(account) else {
            return vec![(Entrant::Account(account), false)];
        };
        let (trust, other) = match is_new {
            true => (Some(self.new), self.old),
            false => (self.old, Some(self.new)),
        };
        let Some(trust) = trust else { return Vec::new() };
        let mut found = Vec::new();
        let role = arn_of(self.model, self.role);
        for id in holders(model, |document, _| may_allow(document, &role)) {
            let Some(identity) = model.identity(&id) else { continue };
            if id == self.role.id || identity.is_service_linked() {
                continue;
            }
            let Some(standing) = world.standing(account, &id) else { continue };
            if may_enter(&standing, self.model, self.role, trust) != Outcome::Allow {
                continue;
            }
            let could = other.is_some_and(|other| {
                may_enter(&standing, self.model, self.role, other) == Outcome::Allow
            });
            if !could {
                found.push((principal(model, identity), self.has_already(&standing)));
            }
        }
        if found.is_empty() && account != self.model.account() {
            return vec![(Entrant::Account(account), false)];
        }
        found
    }

    /// Whether whoever enters is administrator where the role is.
    fn has_already(&self, standing: &Standing) -> bool {
        standing.principal.account == self.model.account() && is_admin(standing)
    }
}

fn principal(model: &Model, identity: &Identity) -> Entrant {
    Entrant::Principal {
        account: model.account(),
        id: identity.id.clone(),
        label: name_of(identity),
        arn: arn_of(model, identity),
    }
}

/// Whether a document may allow to assume a role: true in doubt.
fn may_allow(document: &Document, role: &str) -> bool {
    document.statements.iter().any(|statement| {
        let covers = || {
            statement.not_resources.is_some()
                || statement.resources.iter().any(|text| may_cover(text, role))
        };
        statement.effect == Effect::Allow && covers() && statement.covers_action("sts:AssumeRole")
    })
}
