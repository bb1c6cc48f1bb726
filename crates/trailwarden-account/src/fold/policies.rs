//! Customer managed policies and their versions.

use std::sync::Arc;

use trailwarden_model::Arn;
use trailwarden_record::events::{Call, iam};

use super::Fold;
use crate::change::{Field, Subject};
use crate::fact::{Fact, Why};
use crate::gap::GapKind;
use crate::identity::Id;
use crate::listing::{Before, Listing};
use crate::managed::{ManagedPolicy, version_number};
use crate::model::lower;
use crate::text::PolicyText;

impl Fold<'_> {
    pub(super) fn policies(&mut self, call: &Call) -> bool {
        match call {
            Call::CreatePolicy(c) => self.made_policy(c),
            Call::CreatePolicyVersion(c) => self.made_version(c),
            Call::SetDefaultPolicyVersion(c) => self.set_default(c),
            Call::DeletePolicyVersion(c) => self.deleted_version(c),
            Call::DeletePolicy(c) => self.deleted_policy(c),
            _ => return false,
        }
        true
    }

    /// The ARN as the model writes it; a customer policy that was never seen begins here.
    pub(super) fn policy_arn(&mut self, arn: &str) -> Arc<str> {
        match self.policy(arn) {
            Some(id) => {
                self.model.policies.get(&id).map_or_else(|| arn.into(), |found| found.arn.clone())
            }
            None => arn.into(),
        }
    }

    /// The customer policy of an ARN; none for policies of AWS.
    pub(super) fn policy(&mut self, arn: &str) -> Option<Id> {
        if let Some(id) = self.model.policy_ids.get(&lower(arn)) {
            return Some(id.clone());
        }
        Arn::parse(arn).filter(|arn| arn.account_id().is_some())?;
        if self.model.listed.policies.is_known() {
            self.gap(GapKind::MadeUnseen, &lower(arn), "");
        }
        let id = Id::provisional("policy", &lower(arn), &self.entry.proof);
        self.model.insert_policy(ManagedPolicy::seen(id.clone(), arn));
        self.touch(Subject::Policy(id.clone()), Field::FirstSeen, None);
        Some(id)
    }

    pub(super) fn edit_policy<R>(
        &mut self,
        id: &Id,
        edit: impl FnOnce(&mut ManagedPolicy) -> R,
    ) -> Option<R> {
        let shared = self.model.policies.get_mut(id)?;
        Some(edit(Arc::make_mut(shared)))
    }

    fn made_policy(&mut self, c: &iam::CreatePolicy) {
        let built = || {
            let path = c.path.as_deref().unwrap_or("/");
            let (partition, account) = (&self.model.partition, self.model.account);
            Some(format!("arn:{partition}:iam::{account}:policy{path}{}", c.policy_name.as_ref()?))
        };
        let Some(arn) = c.policy_arn.clone().or_else(built) else {
            let why = self.why_absent();
            Arc::make_mut(&mut self.model.listed).policies.doubt(&why);
            self.touch(Subject::AnyPolicy, Field::Existence, None);
            return;
        };
        if let Some(old) = self.model.policy_ids.get(&lower(&arn)).cloned() {
            if c.policy_id.as_deref() == Some(old.as_str()) {
                return;
            }
            self.gap(GapKind::MadeTwice, &lower(&arn), old.as_str());
            self.bury_policy(&old);
        }
        let id = match &c.policy_id {
            Some(id) => Id::unique(id),
            None => Id::provisional("policy", &lower(&arn), &self.entry.proof),
        };
        if self.model.policies.contains_key(&id) {
            self.gap(GapKind::Replaced, &lower(&arn), id.as_str());
            self.bury_policy(&id);
        }
        let version: Arc<str> = c.default_version_id.as_deref().unwrap_or("v1").into();
        let mut versions = Listing::empty(&self.entry.proof);
        let text = self.given(c.policy_document.as_deref().map(PolicyText::new));
        versions.put(version.clone(), text);
        let policy = ManagedPolicy {
            versions,
            newest: version_number(&version).unwrap_or(1),
            newest_is_exact: true,
            default: self.known(version),
            tags: self.tag_listing(&c.tags),
            ..ManagedPolicy::seen(id.clone(), &arn)
        };
        self.model.insert_policy(policy);
        self.touch(Subject::Policy(id), Field::Existence, None);
    }

    fn made_version(&mut self, c: &iam::CreatePolicyVersion) {
        let number = c.version_id.as_deref().and_then(version_number);
        let Some(id) = c.policy_arn.as_deref().and_then(|arn| self.policy(arn)) else {
            self.any_version(number);
            return;
        };
        let text = self.given(c.policy_document.as_deref().map(PolicyText::new));
        let is_default = c.set_as_default.unwrap_or_default();
        let (proof, missed) = (self.entry.proof.clone(), self.missed());
        let version = c.version_id.as_deref().map(Arc::<str>::from);
        let skipped = self.edit_policy(&id, |policy| {
            let skipped = number.is_some_and(|number| !policy.can_gain(Some(number)));
            if skipped {
                policy.versions.doubt_others(&missed);
            }
            policy.newest = number.unwrap_or(policy.newest.saturating_add(1)).max(policy.newest);
            match &version {
                Some(version) => {
                    policy.versions.put(version.clone(), text);
                    if is_default {
                        policy.default = Fact::known(version.clone(), &proof);
                    }
                }
                // Without the id in the reply, the number is only guessed; the content is not lost.
                None => {
                    let why = Why::NotSaid(proof.clone());
                    policy.versions.doubt_others(&why);
                    if is_default {
                        policy.default.doubt(&why);
                    }
                }
            }
            skipped
        });
        if skipped == Some(true) {
            let arn = self.model.policies.get(&id).map(|policy| lower(&policy.arn));
            self.gap(GapKind::MadeUnseen, &arn.unwrap_or_default(), "versions");
        }
        self.touch(Subject::Policy(id.clone()), Field::Version, c.version_id.as_deref());
        if is_default {
            self.touch(Subject::Policy(id), Field::Default, None);
        }
    }

    /// A version of some policy. The version's number, which the reply still tells, narrows it down.
    pub(super) fn any_version(&mut self, number: Option<u32>) {
        let why = self.why_absent();
        let is_own = |policy: &ManagedPolicy| {
            Arn::parse(&policy.arn).is_some_and(|arn| arn.account_id().is_some())
        };
        let ids: Vec<Id> = self
            .model
            .policies()
            .filter(|policy| is_own(policy) && policy.can_gain(number))
            .map(|policy| policy.id.clone())
            .collect();
        for id in ids {
            self.edit_policy(&id, |policy| {
                policy.versions.doubt_others(&why);
                policy.default.doubt(&why);
                policy.newest_is_exact = false;
            });
            self.touch(Subject::Policy(id), Field::Default, None);
        }
        self.touch(Subject::AnyPolicy, Field::Version, None);
    }

    fn set_default(&mut self, c: &iam::SetDefaultPolicyVersion) {
        let Some(id) = c.policy_arn.as_deref().and_then(|arn| self.policy(arn)) else {
            self.any_version(None);
            return;
        };
        let default = self.given(c.version_id.as_deref().map(Arc::from));
        let missed = self.missed();
        let arn = self.edit_policy(&id, |policy| {
            let is_unseen = default
                .value()
                .is_some_and(|version| policy.versions.before(version) == Before::Absent);
            policy.default = default;
            is_unseen.then(|| {
                policy.versions.doubt_others(&missed);
                policy.newest_is_exact = false;
                lower(&policy.arn)
            })
        });
        if let Some(Some(arn)) = arn {
            self.gap(GapKind::MadeUnseen, &arn, c.version_id.as_deref().unwrap_or_default());
        }
        self.touch(Subject::Policy(id), Field::Default, None);
    }
}
