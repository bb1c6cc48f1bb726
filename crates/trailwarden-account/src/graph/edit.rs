//! A model with one thing changed in thought: what a principal would have.

use std::sync::Arc;

use trailwarden_policy::facts;

use super::source::Source;
use crate::access::World;
use crate::fact::{Fact, Proof};
use crate::identity::{Id, Identity};
use crate::model::Model;
use crate::text::PolicyText;

/// What is changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Edit {
    /// A policy that allows everything is written beside the others.
    Everything,
    /// A managed policy is attached.
    Attach(Arc<str>),
    /// A customer managed policy allows everything now.
    Rewrite(Id),
    /// Another version of a customer managed policy counts.
    Version(Id, Arc<str>),
    /// The boundary is gone.
    NoBoundary,
    /// Another boundary counts, by its ARN.
    Boundary(Arc<str>),
    /// An inline policy of the user, role or group is gone.
    NoInline(Id, Arc<str>),
    /// A managed policy is off the user, role or group.
    Detach(Id, Arc<str>),
    /// It is in another group.
    Join(Id),
    /// It is out of a group.
    Leave(Id),
    /// It has a tag.
    Tag(Arc<str>, Arc<str>),
    /// It has another path and name.
    Rename(Arc<str>, Arc<str>),
    /// Its sessions have MFA.
    Mfa,
}

/// The name of what is written in thought.
const NAME: &str = "what the caller writes";

fn proof() -> Proof {
    Proof::Published { date: facts::managed_date() }
}

/// A document that allows everything.
fn everything() -> Option<PolicyText> {
    facts::managed_policy("AdministratorAccess").map(PolicyText::published)
}

impl Edit {
    /// The model with this done to an identity.
    pub(super) fn apply(&self, model: &Model, id: &Id) -> Option<Model> {
        let mut model = model.clone();
        let mut identity: Identity = model.identity(id)?.clone();
        let proof = proof();
        match self {
            Self::Everything => {
                let text = Fact::known(everything()?, &proof);
                identity.inline.put(NAME.into(), text);
            }
            Self::Attach(arn) => {
                identity.attached.put(arn.clone(), Fact::known((), &proof));
            }
            Self::Rewrite(policy) | Self::Version(policy, _) => {
                let mut changed = model.policies.get(policy)?.as_ref().clone();
                let version: Arc<str> = match self {
                    Self::Version(_, version) => version.clone(),
                    _ => {
                        let version: Arc<str> = NAME.into();
                        changed.versions.put(version.clone(), Fact::known(everything()?, &proof));
                        version
                    }
                };
                changed.default = Fact::known(version, &proof);
                model.insert_policy(changed);
            }
            Self::NoBoundary => identity.boundary = Fact::known(None, &proof),
            Self::Boundary(arn) => identity.boundary = Fact::known(Some(arn.clone()), &proof),
            Self::NoInline(holder, name) => {
                if holder != id {
                    let mut group = model.identity(holder)?.clone();
                    group.inline.remove(name, &proof);
                    model.insert_identity(group);
                } else {
                    identity.inline.remove(name, &proof);
                }
            }
            Self::Detach(holder, arn) => {
                if holder != id {
                    let mut group = model.identity(holder)?.clone();
                    group.attached.remove(arn, &proof);
                    model.insert_identity(group);
                } else {
                    identity.attached.remove(arn, &proof);
                }
            }
            Self::Join(group) => {
                identity.groups.put(group.clone(), Fact::known((), &proof));
                let mut joined = model.identity(group)?.clone();
                joined.members.put(id.clone(), Fact::known((), &proof));
                model.insert_identity(joined);
            }
            Self::Leave(group) => {
                identity.groups.remove(group, &proof);
                let mut left = model.identity(group)?.clone();
                left.members.remove(id, &proof);
                model.insert_identity(left);
            }
            Self::Tag(key, value) => {
                identity.tags.put(key.clone(), Fact::known(value.clone(), &proof));
            }
            Self::Rename(path, name) => {
                identity.path = Fact::known(path.clone(), &proof);
                identity.name = name.clone();
            }
            Self::Mfa => {}
        }
        model.insert_identity(identity);
        Some(model)
    }

    /// The principal after this was done to him, with the changed model.
    pub(super) fn of(
        &self,
        world: World<'_>,
        model: &Model,
        source: &Source,
    ) -> Option<(Model, Source)> {
        let changed = self.apply(model, &source.id)?;
        let mut after = Source::of(world.with(&changed), source.account, &source.id)?;
        // A replaced model must not hide an organization that another one tells of.
        after.standing.scps = source.standing.scps.clone();
        let after = match self {
            Self::Mfa => after.with_mfa(),
            _ if source.has_mfa => after.with_mfa(),
            _ => after,
        };
        Some((changed, after))
    }
}
