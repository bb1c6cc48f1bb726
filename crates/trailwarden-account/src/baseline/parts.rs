//! What a baseline says beside the details: who is a member, and its other parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arc;
use super::import::Import;
use crate::fact::{Fact, Proof};
use crate::identity::{Id, Identity, Kind, LoginProfile, Reported};
use crate::listing::Listing;
use crate::organization::OrganizationPolicy;

impl Import<'_> {
    /// Users tell their groups; a group's members are the users that name it.
    pub(super) fn members(&mut self) {
        let mut members: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for user in self.model.identities().filter(|user| user.kind == Kind::User) {
            for group in user.groups.keys() {
                members.entry(group.clone()).or_default().push(user.id.clone());
            }
        }
        let are_all_users = self.model.listed.users.is_known();
        let groups: Vec<Id> = self
            .model
            .identities()
            .filter(|group| group.kind == Kind::Group)
            .map(|group| group.id.clone())
            .collect();
        for group in groups {
            let of_group = members.remove(&group).unwrap_or_default();
            let mut listing = Listing::all(of_group.into_iter().map(|id| (id, ())), &self.proof);
            if !are_all_users {
                listing.doubt_others(&crate::Why::NeverSeen);
            }
            self.edit(&group, |group| group.members = listing);
        }
    }

    pub(super) fn report(&mut self) {
        let proof = self.part("credential report");
        for (name, row) in &self.baseline.report {
            let id = match name.as_str() {
                "<root_account>" => Some(Id::root()),
                name => self.model.find(Kind::User, name).map(|user| user.id.clone()),
            };
            if let Some(id) = id {
                self.edit(&id, |user| fill(user, row, &proof));
            }
        }
    }

    pub(super) fn settings(&mut self) {
        let summary_proof = self.part("account summary");
        let policy_proof = self.part("password policy");
        let settings = Arc::make_mut(&mut self.model.settings);
        if let Some(summary) = &self.baseline.summary {
            settings.summary = Fact::known(summary.clone(), &summary_proof);
        }
        if let Some(policy) = &self.baseline.password_policy {
            settings.password_policy = Fact::known(policy.clone(), &policy_proof);
        }
    }

    pub(super) fn organization(&mut self) {
        let Some(baseline) = &self.baseline.organization else { return };
        let proof = self.part("organization policies");
        let organization = Arc::make_mut(&mut self.model.organization);
        organization.is_shown = true;
        organization.manager = baseline.manager;
        for policy in &baseline.policies {
            let summary = &policy.policy_summary;
            let id = arc(&summary.id);
            let targets = policy.targets.as_ref().map(|targets| {
                Listing::all(targets.iter().map(|target| (arc(&target.target_id), ())), &proof)
            });
            let content = policy.content.as_ref();
            let policy = OrganizationPolicy {
                id: id.clone(),
                name: Fact::known(arc(&summary.name), &proof),
                kind: Fact::known(arc(&summary.r#type), &proof),
                content: content
                    .map_or_else(Fact::default, |text| Fact::known(text.0.clone(), &proof)),
                targets: targets.unwrap_or_default(),
            };
            organization.policies.insert_mut(id, Arc::new(policy));
        }
        for parent in &baseline.parents {
            let fact = Fact::known(arc(&parent.parent_id), &proof);
            organization.parents.insert_mut(arc(&parent.id), fact);
        }
    }
}

/// What a row of the credential report proves. It names no key and no device, so only their absence
/// goes into the lists; how many there were is kept as it was told.
fn fill(user: &mut Identity, row: &Reported, proof: &Proof) {
    // AWS makes a report every four hours at most: this row may be about a namesake, since deleted.
    if row.created.zip(user.created.value().copied()).is_some_and(|(told, made)| told != made) {
        return;
    }
    user.reported = Fact::known(row.clone(), proof);
    if row.keys_active.is_empty() {
        user.keys = Listing::empty(proof);
    }
    if row.mfa_active == Some(false) {
        user.mfa = Listing::empty(proof);
    }
    match row.password_enabled {
        Some(true) => user.login = Fact::known(Some(LoginProfile::default()), proof),
        Some(false) => user.login = Fact::known(None, proof),
        None => {}
    }
}
