//! From a baseline to a model.

use std::sync::Arc;

use trailwarden_model::{Arn, Timestamp};

use super::details::{Attached, Bounded, Group, Inline, Policy, Role, Tag, User};
use super::{Baseline, arc};
use crate::fact::{Fact, Proof};
use crate::identity::{Id, Identity, Kind};
use crate::listing::Listing;
use crate::managed::{InstanceProfile, ManagedPolicy, version_number};
use crate::model::{Model, lower};
use crate::text::PolicyText;

/// What an import has at hand.
pub(super) struct Import<'b> {
    pub(super) model: Model,
    pub(super) baseline: &'b Baseline,
    pub(super) proof: Proof,
}

impl Model {
    /// The account as a baseline tells it.
    #[must_use]
    pub fn from_baseline(baseline: &Baseline) -> Self {
        let proof = Proof::Baseline { taken: baseline.taken(), part: "authorization details" };
        let mut import = Import { model: Self::new(baseline.account()), baseline, proof };
        import.model.baseline = Some(baseline.taken());
        let details = &baseline.details;
        details.group_detail_list.iter().for_each(|group| import.group(group));
        details.user_detail_list.iter().for_each(|user| import.user(user));
        details.role_detail_list.iter().for_each(|role| import.role(role));
        details.policies.iter().for_each(|policy| import.policy(policy));
        import.listed();
        import.members();
        import.report();
        import.credentials();
        import.settings();
        import.organization();
        import.model
    }
}

impl Import<'_> {
    pub(super) fn part(&self, part: &'static str) -> Proof {
        Proof::Baseline { taken: self.baseline.taken(), part }
    }

    fn identity(
        &mut self,
        kind: Kind,
        id: &str,
        name: &str,
        arn: &str,
        path: &str,
        made: &str,
    ) -> Identity {
        if let Some(arn) = Arn::parse(arn) {
            self.model.partition = arn.partition.into();
        }
        let id = match id {
            "" => Id::provisional(kind.as_str(), &lower(name), &self.proof),
            id => Id::unique(id),
        };
        let mut identity = Identity::seen(kind, id, name);
        identity.path = Fact::known(arc(if path.is_empty() { "/" } else { path }), &self.proof);
        if let Some(time) = Timestamp::parse(made) {
            identity.created = Fact::known(time, &self.proof);
        }
        identity
    }

    fn user(&mut self, user: &User) {
        let mut identity = self.identity(
            Kind::User,
            &user.user_id,
            &user.user_name,
            &user.arn,
            &user.path,
            &user.create_date,
        );
        identity.inline = self.inline(&user.user_policy_list);
        identity.attached = self.attached(&user.attached_managed_policies);
        identity.boundary = self.boundary(user.permissions_boundary.as_ref());
        identity.tags = self.tags(&user.tags);
        let groups = user.group_list.iter().map(|name| (self.group_id(name), ()));
        identity.groups = Listing::all(groups.collect::<Vec<_>>(), &self.proof);
        identity.members = Listing::empty(&self.proof);
        self.model.insert_identity(identity);
    }

    /// The id of a group that a user names; one that is on no page gets a provisional one.
    fn group_id(&self, name: &str) -> Id {
        match self.model.find(Kind::Group, name) {
            Some(group) => group.id.clone(),
            None => Id::provisional("group", &lower(name), &self.proof),
        }
    }

    fn group(&mut self, group: &Group) {
        let mut identity = self.identity(
            Kind::Group,
            &group.group_id,
            &group.group_name,
            &group.arn,
            &group.path,
            &group.create_date,
        );
        identity.inline = self.inline(&group.group_policy_list);
        identity.attached = self.attached(&group.attached_managed_policies);
        identity.boundary = Fact::known(None, &self.proof);
        self.model.insert_identity(identity);
    }

    fn role(&mut self, role: &Role) {
        let mut identity = self.identity(
            Kind::Role,
            &role.role_id,
            &role.role_name,
            &role.arn,
            &role.path,
            &role.create_date,
        );
        identity.inline = self.inline(&role.role_policy_list);
        identity.attached = self.attached(&role.attached_managed_policies);
        identity.boundary = self.boundary(role.permissions_boundary.as_ref());
        identity.tags = self.tags(&role.tags);
        identity.keys = Listing::empty(&self.proof);
        identity.login = Fact::known(None, &self.proof);
        identity.mfa = Listing::empty(&self.proof);
        identity.groups = Listing::empty(&self.proof);
        if let Some(trust) = &role.assume_role_policy_document {
            identity.trust = Fact::known(trust.0.clone(), &self.proof);
        }
        for profile in &role.instance_profile_list {
            let known = |text: &str| Fact::known(arc(text), &self.proof);
            let profile = InstanceProfile {
                name: arc(&profile.instance_profile_name),
                id: known(&profile.instance_profile_id),
                arn: known(&profile.arn),
                role: Fact::known(Some(identity.id.clone()), &self.proof),
                tags: Listing::default(),
            };
            self.model.profiles.insert_mut(lower(&profile.name), Arc::new(profile));
        }
        self.model.insert_identity(identity);
    }

    fn policy(&mut self, policy: &Policy) {
        let versions = policy.policy_version_list.iter().filter_map(|version| {
            Some((arc(&version.version_id), version.document.as_ref()?.0.clone()))
        });
        let mut versions = Listing::all(versions, &self.proof);
        let is_own = Arn::parse(&policy.arn).is_some_and(|arn| arn.account_id().is_some());
        if !is_own {
            // Of AWS's own policies only the default version is listed.
            versions.doubt_others(&crate::Why::NeverSeen);
        }
        let numbers = policy.policy_version_list.iter();
        let default = policy.policy_version_list.iter().find(|version| version.is_default_version);
        let default = match default {
            Some(version) => &version.version_id,
            None => &policy.default_version_id,
        };
        let id = match policy.policy_id.as_str() {
            "" => Id::provisional("policy", &lower(&policy.arn), &self.proof),
            id => Id::unique(id),
        };
        self.model.insert_policy(ManagedPolicy {
            newest: numbers.filter_map(|v| version_number(&v.version_id)).max().unwrap_or_default(),
            // A higher version may have been made and deleted before.
            newest_is_exact: false,
            versions,
            default: match default.as_str() {
                "" => Fact::default(),
                version => Fact::known(arc(version), &self.proof),
            },
            tags: policy.tags.as_ref().map(|tags| self.tags(tags)).unwrap_or_default(),
            ..ManagedPolicy::seen(id, &policy.arn)
        });
    }

    fn inline(&self, list: &[Inline]) -> Listing<Arc<str>, PolicyText> {
        let mut listing = Listing::empty(&self.proof);
        for policy in list {
            let text = match &policy.policy_document {
                Some(text) => Fact::known(text.0.clone(), &self.proof),
                None => Fact::default(),
            };
            listing.put(arc(&policy.policy_name), text);
        }
        listing
    }

    fn attached(&self, list: &[Attached]) -> Listing<Arc<str>, ()> {
        Listing::all(list.iter().map(|policy| (arc(&policy.policy_arn), ())), &self.proof)
    }

    fn boundary(&self, boundary: Option<&Bounded>) -> Fact<Option<Arc<str>>> {
        Fact::known(boundary.map(|policy| arc(&policy.permissions_boundary_arn)), &self.proof)
    }

    fn tags(&self, tags: &[Tag]) -> Listing<Arc<str>, Arc<str>> {
        Listing::all(tags.iter().map(|tag| (arc(&tag.key), arc(&tag.value))), &self.proof)
    }

    pub(super) fn edit(&mut self, id: &Id, edit: impl FnOnce(&mut Identity)) {
        self.model.identities.edit(id, edit);
    }
}
