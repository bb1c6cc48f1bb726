//! Which kinds a baseline knows in full.
//!
//! The account summary counts users, groups, roles and customer policies: as many as are listed proves
//! that these are all, more proves that some are missing. Without it, lists that end count
//! as whole ([`super::answers`]), unless something inside contradicts: a user names a group that is
//! not listed, a policy is attached or bounds and is not listed, or AWS counts more attachments of a
//! policy than the listed identities have.
//!
//! # Assumption
//! Summary and details are of one moment. One thing deleted and another made in between go unnoticed.
//!
//! Source: IAM API Reference, `GetAccountSummary` and `ManagedPolicyDetail`.

use std::collections::BTreeMap;
use std::sync::Arc;

use trailwarden_model::Arn;

use super::import::Import;
use crate::fact::Fact;
use crate::identity::Kind;
use crate::model::{Listed, Model, lower};

/// What is known of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All are listed: the summary counts as many.
    Counted,
    /// All are listed as far as can be seen.
    Assumed,
    /// Some may be missing.
    Unknown,
}

impl Import<'_> {
    pub(super) fn listed(&mut self) {
        let whole = self.baseline.answers.whole();
        let count = |kind| self.model.of_kind(kind).count();
        let own = self.model.policies().filter(|policy| is_own(&policy.arn)).count();
        let mut users = self.extent("Users", count(Kind::User), whole.users);
        let mut groups = self.extent("Groups", count(Kind::Group), whole.groups);
        let mut roles = self.extent("Roles", count(Kind::Role), whole.roles);
        let mut policies = self.extent("Policies", own, whole.policies);
        if has_unlisted_group(&self.model) {
            groups.doubt();
        }
        if has_unlisted_policy(&self.model) {
            policies.doubt();
        }
        let kinds = [users, groups, roles];
        // Where a kind is unknown anyway, its members may be the missing holders.
        if !kinds.contains(&Extent::Unknown) && self.has_unlisted_holder() {
            users.doubt();
            groups.doubt();
            roles.doubt();
        }
        self.model.listed = Arc::new(Listed {
            users: self.known(users),
            groups: self.known(groups),
            roles: self.known(roles),
            policies: self.known(policies),
        });
    }

    fn extent(&self, key: &str, listed: usize, is_whole: bool) -> Extent {
        let counted = self.baseline.summary.as_ref().and_then(|summary| summary.get(key));
        let listed = i64::try_from(listed).unwrap_or(i64::MAX);
        match counted {
            Some(counted) if *counted == listed => Extent::Counted,
            Some(counted) if *counted > listed => Extent::Unknown,
            // A summary that counts fewer is of another moment.
            _ if is_whole => Extent::Assumed,
            _ => Extent::Unknown,
        }
    }

    fn known(&self, extent: Extent) -> Fact<()> {
        match extent {
            Extent::Counted => Fact::known((), &self.part("account summary")),
            Extent::Assumed => Fact::known((), &self.proof),
            Extent::Unknown => Fact::default(),
        }
    }

    /// Whether AWS counts more holders of a policy than are listed.
    fn has_unlisted_holder(&self) -> bool {
        let mut attached: BTreeMap<Arc<str>, u64> = BTreeMap::new();
        let mut bounded: BTreeMap<Arc<str>, u64> = BTreeMap::new();
        for identity in self.model.identities() {
            for arn in identity.attached.keys() {
                *attached.entry(lower(arn)).or_default() += 1;
            }
            if let Some(Some(arn)) = identity.boundary.value() {
                *bounded.entry(lower(arn)).or_default() += 1;
            }
        }
        let here = |map: &BTreeMap<Arc<str>, u64>, arn: &str| {
            map.get(&lower(arn)).copied().unwrap_or_default()
        };
        self.baseline.details.policies.iter().any(|policy| {
            policy.attachment_count.is_some_and(|count| count > here(&attached, &policy.arn))
                || policy
                    .permissions_boundary_usage_count
                    .is_some_and(|count| count > here(&bounded, &policy.arn))
        })
    }
}

impl Extent {
    /// What was only assumed is so no more.
    fn doubt(&mut self) {
        if *self == Self::Assumed {
            *self = Self::Unknown;
        }
    }
}

fn has_unlisted_group(model: &Model) -> bool {
    let users = model.of_kind(Kind::User);
    users.flat_map(|user| user.groups.keys()).any(|group| model.identity(group).is_none())
}

fn has_unlisted_policy(model: &Model) -> bool {
    let is_unlisted = |arn: &str| is_own(arn) && model.policy(arn).is_none();
    model.identities().any(|identity| {
        identity.attached.keys().any(|arn| is_unlisted(arn))
            || matches!(identity.boundary.value(), Some(Some(arn)) if is_unlisted(arn))
    })
}

/// Whether the account itself owns a policy.
fn is_own(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.account_id().is_some())
}
