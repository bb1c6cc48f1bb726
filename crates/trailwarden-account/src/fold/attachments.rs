//! Attached policies, inline policies, boundaries.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::{Fold, subject};
use crate::change::Field;
use crate::gap::GapKind;
use crate::identity::{Id, Kind};
use crate::listing::Before;
use crate::text::PolicyText;

impl Fold<'_> {
    pub(super) fn attachments(&mut self, call: &Call) -> bool {
        use Kind::{Group, Role, User};
        match call {
            Call::AttachUserPolicy(c) => self.attach(User, &c.user_name, &c.policy_arn),
            Call::AttachGroupPolicy(c) => self.attach(Group, &c.group_name, &c.policy_arn),
            Call::AttachRolePolicy(c) => self.attach(Role, &c.role_name, &c.policy_arn),
            Call::DetachUserPolicy(c) => self.detach(User, &c.user_name, &c.policy_arn),
            Call::DetachGroupPolicy(c) => self.detach(Group, &c.group_name, &c.policy_arn),
            Call::DetachRolePolicy(c) => self.detach(Role, &c.role_name, &c.policy_arn),
            Call::PutUserPolicy(c) => {
                self.put_inline(User, &c.user_name, &c.policy_name, &c.policy_document)
            }
            Call::PutGroupPolicy(c) => {
                self.put_inline(Group, &c.group_name, &c.policy_name, &c.policy_document)
            }
            Call::PutRolePolicy(c) => {
                self.put_inline(Role, &c.role_name, &c.policy_name, &c.policy_document)
            }
            Call::DeleteUserPolicy(c) => self.delete_inline(User, &c.user_name, &c.policy_name),
            Call::DeleteGroupPolicy(c) => self.delete_inline(Group, &c.group_name, &c.policy_name),
            Call::DeleteRolePolicy(c) => self.delete_inline(Role, &c.role_name, &c.policy_name),
            Call::PutUserPermissionsBoundary(c) => {
                self.put_boundary(User, &c.user_name, &c.permissions_boundary)
            }
            Call::PutRolePermissionsBoundary(c) => {
                self.put_boundary(Role, &c.role_name, &c.permissions_boundary)
            }
            Call::DeleteUserPermissionsBoundary(c) => self.delete_boundary(User, &c.user_name),
            Call::DeleteRolePermissionsBoundary(c) => self.delete_boundary(Role, &c.role_name),
            _ => return false,
        }
        true
    }

    fn attach(&mut self, kind: Kind, name: &Option<String>, arn: &Option<String>) {
        let (Some(id), Some(arn)) = (self.target(kind, name), arn) else {
            self.any(kind, Field::Attached);
            return;
        };
        let arn = self.policy_arn(arn);
        let here = self.known(());
        let before = self.edit(&id, |identity| identity.attached.put(arn.clone(), here));
        self.was_put(before, &id, Field::Attached, &arn);
        self.touch_identity(&id, Field::Attached, Some(&arn));
    }

    fn detach(&mut self, kind: Kind, name: &Option<String>, arn: &Option<String>) {
        let Some(arn) = arn else {
            self.any(kind, Field::Attached);
            return;
        };
        let Some(id) = self.target(kind, name) else {
            self.any(kind, Field::Attached);
            return;
        };
        let arn = self.policy_arn(arn);
        if let Some(why) = self.is_unordered(&id, Field::Attached, &arn) {
            self.edit(&id, |identity| identity.attached.doubt(&arn, &why));
        } else {
            let (proof, why) = (self.entry.proof.clone(), self.missed());
            let before = self.edit(&id, |identity| identity.attached.take_off(&arn, &proof, &why));
            self.was_unseen(before, &id, &arn);
        }
        self.touch_identity(&id, Field::Attached, Some(&arn));
    }

    fn put_inline(
        &mut self,
        kind: Kind,
        name: &Option<String>,
        policy: &Option<String>,
        document: &Option<String>,
    ) {
        let (Some(id), Some(policy)) = (self.target(kind, name), policy) else {
            self.any(kind, Field::Inline);
            return;
        };
        let policy: Arc<str> = policy.as_str().into();
        let text = self.given(document.as_deref().map(PolicyText::new));
        let before = self.edit(&id, |identity| identity.inline.put(policy.clone(), text));
        self.was_put(before, &id, Field::Inline, &policy);
        self.touch_identity(&id, Field::Inline, Some(&policy));
    }

    fn delete_inline(&mut self, kind: Kind, name: &Option<String>, policy: &Option<String>) {
        let Some(policy) = policy else {
            self.any(kind, Field::Inline);
            return;
        };
        let Some(id) = self.target(kind, name) else {
            self.any(kind, Field::Inline);
            return;
        };
        let policy: Arc<str> = policy.as_str().into();
        if let Some(why) = self.is_unordered(&id, Field::Inline, &policy) {
            self.edit(&id, |identity| identity.inline.doubt(&policy, &why));
        } else {
            let (proof, why) = (self.entry.proof.clone(), self.missed());
            let before = self.edit(&id, |identity| identity.inline.take_off(&policy, &proof, &why));
            self.was_unseen(before, &id, &policy);
        }
        self.touch_identity(&id, Field::Inline, Some(&policy));
    }

    fn put_boundary(&mut self, kind: Kind, name: &Option<String>, arn: &Option<String>) {
        let Some(id) = self.target(kind, name) else {
            self.any(kind, Field::Boundary);
            return;
        };
        let arn = arn.as_deref().map(|arn| Some(self.policy_arn(arn)));
        let boundary = self.given(arn);
        let before = self.edit(&id, |identity| {
            let before = if identity.boundary.value() == Some(&None) {
                Before::Absent
            } else {
                Before::Unknown
            };
            identity.boundary = boundary;
            before
        });
        self.was_put(before, &id, Field::Boundary, "");
        self.touch_identity(&id, Field::Boundary, None);
    }

    fn delete_boundary(&mut self, kind: Kind, name: &Option<String>) {
        let Some(id) = self.target(kind, name) else {
            self.any(kind, Field::Boundary);
            return;
        };
        if let Some(why) = self.is_unordered(&id, Field::Boundary, "") {
            self.edit(&id, |identity| identity.boundary.doubt(&why));
            self.touch_identity(&id, Field::Boundary, None);
            return;
        }
        let none = self.known(None);
        let before = self.edit(&id, |identity| std::mem::replace(&mut identity.boundary, none));
        if before.is_some_and(|before| before.value() == Some(&None)) {
            self.was_unseen(Some(Before::Absent), &id, "boundary");
        }
        self.touch_identity(&id, Field::Boundary, None);
    }

    /// Notes that something must have been put there unseen, if it was known to be absent.
    pub(super) fn was_unseen(&mut self, before: Option<Before>, id: &Id, detail: &str) {
        if before != Some(Before::Absent) {
            return;
        }
        let Some(identity) = self.model.identity(id) else { return };
        let name = subject(identity.kind, &identity.name);
        self.gap(GapKind::MadeUnseen, &name, detail);
    }
}
