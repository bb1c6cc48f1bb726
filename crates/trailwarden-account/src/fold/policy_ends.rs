//! Managed policies and versions that go.

use std::sync::Arc;

use trailwarden_record::events::iam;

use super::Fold;
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::Id;
use crate::listing::Before;
use crate::managed::ManagedPolicy;
use crate::model::{Tombstone, lower};

impl Fold<'_> {
    pub(super) fn deleted_version(&mut self, c: &iam::DeletePolicyVersion) {
        let (Some(id), Some(version)) =
            (c.policy_arn.as_deref().and_then(|arn| self.policy(arn)), &c.version_id)
        else {
            self.any_version(None);
            return;
        };
        let key: Arc<str> = version.as_str().into();
        let (proof, missed) = (self.entry.proof.clone(), self.missed());
        // AWS refuses to delete the default version, so another must have become it.
        let contradiction = self.edit_policy(&id, |policy| {
            let is_default = policy.default.value() == Some(&key);
            if is_default {
                policy.default.doubt(&missed);
            }
            let before = policy.versions.take_off(&key, &proof, &missed);
            if before == Before::Absent {
                policy.newest_is_exact = false;
            }
            (is_default || before == Before::Absent).then(|| lower(&policy.arn))
        });
        if let Some(Some(arn)) = contradiction {
            self.gap(GapKind::MadeUnseen, &arn, version);
        }
        self.touch(Subject::Policy(id), Field::Version, Some(version));
    }

    pub(super) fn deleted_policy(&mut self, c: &iam::DeletePolicy) {
        let Some(id) = c.policy_arn.as_deref().and_then(|arn| self.policy(arn)) else {
            let why = self.why_absent();
            Arc::make_mut(&mut self.model.listed).policies.doubt(&why);
            self.touch(Subject::AnyPolicy, Field::Existence, None);
            return;
        };
        let Some(policy) = self.model.policies.get(&id).cloned() else { return };
        let name = lower(&policy.arn);
        if self.was_just_made(&policy) && self.settle(GapKind::MadeTwice, &name, None) {
            return;
        }
        self.detach_everywhere(&policy.arn, &name);
        for (version, fact) in policy.versions.iter() {
            if fact.is_known() && policy.default.value().is_some_and(|default| default != version) {
                self.gap(GapKind::DeletedInUse, &name, version);
            }
        }
        self.bury_policy(&id);
    }

    fn was_just_made(&self, policy: &ManagedPolicy) -> bool {
        let made = policy.versions.completeness().proof().and_then(crate::Proof::time);
        made == Some(self.entry.order.time)
    }

    /// A deleted policy is attached to nothing: whoever still has it lost it unseen.
    fn detach_everywhere(&mut self, arn: &Arc<str>, name: &str) {
        let holders: Vec<Id> = self
            .model
            .identities()
            .filter(|identity| identity.attached.before(arn) == Before::Present)
            .map(|identity| identity.id.clone())
            .collect();
        let (proof, why) = (self.entry.proof.clone(), self.missed());
        for holder in holders {
            let was_sure = self.edit(&holder, |identity| {
                let was_sure = matches!(
                    identity.attached.get(arn),
                    crate::Presence::Present(Fact::Known { .. })
                );
                identity.attached.doubt_others(&why);
                identity.attached.remove(arn, &proof);
                was_sure
            });
            if was_sure == Some(true) {
                self.gap(GapKind::DeletedInUse, name, holder.as_str());
            }
            self.touch_identity(&holder, Field::Attached, Some(arn));
        }
    }

    pub(super) fn bury_policy(&mut self, id: &Id) {
        let Some(policy) = self.model.policies.get(id).cloned() else { return };
        self.touch(Subject::Policy(id.clone()), Field::Existence, None);
        self.model.policies.remove_mut(id);
        self.model.policy_ids.remove_mut(&lower(&policy.arn));
        self.entomb(Tombstone {
            id: id.clone(),
            subject: lower(&policy.arn),
            arn: Some(policy.arn.to_string()),
            deleted: self.entry.proof.clone(),
        });
    }
}
