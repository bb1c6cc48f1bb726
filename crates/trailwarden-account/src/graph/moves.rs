//! What an actor may do to the permissions of a user or role: himself, or another.
//!
//! Each move is a call that is allowed and the change that it makes; what the change is worth is for
//! [`super::own`] and [`super::combined`] to see.

mod lift;
mod rename;
mod widen;

use std::sync::{Arc, LazyLock};

use super::answer::Proof;
use super::digest::Mask;
use super::edit::Edit;
use super::source::{On, Source};
use crate::identity::{Id, Identity, Kind};
use crate::managed::ManagedPolicy;
use crate::model::Model;
use crate::query::{Held, PolicySource, name_of};

pub(super) use lift::bound_device;
pub(super) use rename::asks_for_names;

/// So many moves are looked at for one subject.
pub(super) const MOVES_MAX: usize = 64;

/// A call that changes what a subject may do.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) technique: &'static str,
    pub(super) proof: Proof,
    pub(super) edit: Edit,
}

/// Somebody whose permissions may be changed.
pub(super) struct Subject<'a> {
    pub(super) model: &'a Model,
    pub(super) identity: &'a Identity,
    pub(super) arn: Arc<str>,
    pub(super) label: String,
    pub(super) held: Held,
}

/// Names of managed policies of AWS that give full control, the most usual first.
const STRONG: [&str; 2] = ["AdministratorAccess", "IAMFullAccess"];

/// Actions without which nobody moves anything.
pub(super) static MOVING: LazyLock<Mask> = LazyLock::new(|| Mask::of(&ACTIONS));

const ACTIONS: [&str; 26] = [
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreatePolicyVersion",
    "iam:DeleteGroupPolicy",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteUserPolicy",
    "iam:DetachGroupPolicy",
    "iam:DetachRolePolicy",
    "iam:DetachUserPolicy",
    "iam:EnableMFADevice",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:RemoveUserFromGroup",
    "iam:SetDefaultPolicyVersion",
    "iam:TagRole",
    "iam:TagUser",
    "iam:UpdateUser",
    "iam:CreateVirtualMFADevice",
    "iam:DeletePolicyVersion",
];

impl<'a> Subject<'a> {
    pub(super) fn of(model: &'a Model, id: &Id) -> Option<Self> {
        let identity = model.identity(id)?;
        Some(Self {
            arn: arn_of(model, identity).into(),
            label: name_of(identity),
            held: model.policies_of(id),
            model,
            identity,
        })
    }

    fn is_user(&self) -> bool {
        self.identity.kind == Kind::User
    }

    fn on(&self) -> On<'_> {
        On { tags: Some(&self.identity.tags), ..On::thing(&self.arn, &self.label) }
    }

    fn groups(&self) -> Vec<&'a Identity> {
        let groups = match self.is_user() {
            true => self.model.groups_of(&self.identity.id).ids,
            false => Vec::new(),
        };
        groups.iter().filter_map(|id| self.model.identity(id)).collect()
    }

    /// The customer managed policies that apply to it, its boundary too.
    fn customer_policies(&self) -> Vec<&'a ManagedPolicy> {
        let managed = self.held.policies.iter().filter_map(|held| match &held.source {
            PolicySource::Managed(arn) => Some(arn),
            PolicySource::Inline(_) => None,
        });
        let boundary = self.identity.boundary.value().and_then(Option::as_ref);
        let editable = managed.chain(boundary).filter(|arn| !arn.contains(":iam::aws:policy/"));
        let mut all: Vec<&ManagedPolicy> =
            editable.filter_map(|arn| self.model.policy(arn)).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        all
    }

    /// The boundary as `iam:PermissionsBoundary` of calls that change it; none when not known.
    fn boundary(&self) -> Option<(&'static str, Option<&str>)> {
        let boundary = self.identity.boundary.value()?;
        Some(("iam:PermissionsBoundary", boundary.as_deref()))
    }
}

pub(super) fn arn_of(model: &Model, identity: &Identity) -> String {
    let (partition, account) = (model.partition(), model.account());
    identity.arn(partition, account).unwrap_or_else(|| {
        format!("arn:{partition}:iam::{account}:{}/{}", identity.kind.as_str(), identity.name)
    })
}

/// All moves of an actor on a subject, those that give everything first.
pub(super) fn moves(actor: &Source, subject: &Subject<'_>) -> Vec<Move> {
    let mut moves = Vec::new();
    widen::draw(actor, subject, &mut moves);
    lift::draw(actor, subject, &mut moves);
    moves
}
