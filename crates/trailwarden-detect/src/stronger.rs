//! Roles of compute that may do more than whoever sets the compute to work.
//!
//! Both grades are those of the account model at that moment, after boundaries and organization
//! policies.

use trailwarden_account::identity::Kind;
use trailwarden_account::{Actor, Identity, Model, World};
use trailwarden_policy::reach::{Grade, Precision};

use crate::prelude::*;

/// A role, and how it compares with the caller.
pub(crate) struct Stronger {
    /// Its grade without any condition.
    pub(crate) grade: Grade,
    /// The caller's own, if it is known in full.
    pub(crate) own: Option<Grade>,
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) party: Party,
}

impl Stronger {
    /// The strongest of the roles, if it may at least write and more than the caller; a role whose
    /// caller is not known in full counts from privilege escalation on.
    pub(crate) fn than_caller(
        cx: &Cx<'_>,
        event: &Event,
        model: &Model,
        roles: &[&Identity],
    ) -> Option<Self> {
        let world = World::of(cx.models());
        let graded = roles.iter().filter_map(|role| {
            let standing = world.standing(model.account(), &role.id)?;
            Some((standing.grading().unconditional, *role))
        });
        let (grade, role) = graded.max_by_key(|(grade, _)| *grade)?;
        if grade < Grade::Write {
            return None;
        }
        let actor = Actor::of(event);
        if actor.as_ref().is_some_and(|actor| actor.kind == Kind::Root) {
            return None;
        }
        let own = actor.and_then(|actor| actor.standing(world));
        let is_known = own.as_ref().is_some_and(|own| own.reach().precision() == Precision::Exact);
        let own = own.map(|own| own.grading().grade);
        if own.is_some_and(|own| own >= grade) || !is_known && grade < Grade::Privesc {
            return None;
        }
        let party = Party {
            kind: Some("role".to_owned()),
            arn: model.arn_of(&role.id),
            name: Some(role.name.to_string()),
            account: Some(model.account().to_string()),
            ..Party::default()
        };
        let subject = format!("{} {}", event.caller.stable, role.id);
        let own = own.filter(|_| is_known);
        Some(Self { grade, own, name: role.name.to_string(), subject, party })
    }

    /// What the caller may do beside it, in words; `who` is what he is here.
    pub(crate) fn of_caller(&self, who: &str) -> String {
        match self.own {
            Some(own) => format!("{own} is the most that {who} has"),
            None => format!("what {who} may do is not known in full"),
        }
    }
}

/// Where calls have an instance profile, by name or ARN.
const PROFILES: &[&str] = &[
    "iamInstanceProfile",
    "AssociateIamInstanceProfileRequest.IamInstanceProfile",
    "ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile",
];

/// Name of the instance profile that a call gives to an instance.
pub(crate) fn profile_given(event: &Event) -> Option<&str> {
    let profile = PROFILES.iter().find_map(|path| {
        let either = ["name", "arn", "Name", "Arn"];
        either.iter().find_map(|part| event.request(&format!("{path}.{part}")))
    })?;
    Some(profile.rsplit('/').next().unwrap_or(profile))
}

/// The role of an instance profile.
pub(crate) fn role_of<'m>(model: &'m Model, profile: &str) -> Option<&'m Identity> {
    model.identity(model.instance_profile(profile)?.role.value()?.as_ref()?)
}
