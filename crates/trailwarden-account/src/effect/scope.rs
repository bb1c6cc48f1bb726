//! Whose permissions a change may have moved.

mod organization;

use std::collections::BTreeSet;

use trailwarden_model::AccountId;

use super::directory;
use crate::access::World;
use crate::change::{Change, Field, Subject, Touched};
use crate::identity::{Id, Kind};
use crate::model::Model;
use crate::query::Unknown;

pub(super) use organization::{is_of_resources, targets};

/// Bearers whose permissions are compared.
#[derive(Default)]
pub(super) struct Scope {
    /// Users and roles.
    pub principals: BTreeSet<(AccountId, Id)>,
    /// Groups without a member who could be compared in their place.
    pub groups: BTreeSet<Id>,
    /// Whether such a group may still have members that nobody saw.
    pub open_groups: BTreeSet<Id>,
    /// Managed policies that nobody holds.
    pub policies: BTreeSet<Id>,
    /// Whether such a policy may still have holders that nobody saw.
    pub open_policies: BTreeSet<Id>,
    /// Who else there may be.
    pub unknowns: Vec<Unknown>,
    /// What may have moved where nobody can look.
    pub doubts: Vec<String>,
    /// Whether the record does not say whom it concerns.
    pub is_open_ended: bool,
}

impl Scope {
    pub(super) fn of(before: World<'_>, after: World<'_>, change: &Change) -> Self {
        let mut scope = Self::default();
        for touched in &change.touched {
            scope.take(after, change, touched);
        }
        let touches_organization = change.touched.iter().any(|touched| {
            matches!(touched.subject, Subject::Organization | Subject::OrganizationPolicy(_))
        });
        if touches_organization {
            scope.take_organization(before, after);
            scope.doubts.extend(organization::doubts(before, after, change));
        }
        scope
    }

    fn take(&mut self, after: World<'_>, change: &Change, touched: &Touched) {
        let account = change.after.account();
        match &touched.subject {
            Subject::Identity(Kind::User | Kind::Role, id) if moves(touched.field) => {
                self.principals.insert((account, id.clone()));
            }
            Subject::Identity(Kind::Group, id) if moves(touched.field) => {
                self.take_group(change, id);
            }
            // That it is named as a boundary or attached shows it, and changes nothing of it.
            Subject::Policy(id) if moves(touched.field) && touched.field != Field::FirstSeen => {
                self.take_policy(after, change, id, touched.field);
            }
            Subject::AnyIdentity(_) | Subject::AnyPolicy => self.is_open_ended = true,
            _ => {}
        }
    }

    /// The members of a group, before and after.
    fn take_group(&mut self, change: &Change, group: &Id) {
        let account = change.after.account();
        let (before, after) = (change.informed.members_of(group), change.after.members_of(group));
        if after.ids.is_empty() && change.after.identity(group).is_some() {
            self.groups.insert(group.clone());
            if !after.is_complete() {
                self.open_groups.insert(group.clone());
            }
        }
        for found in [before, after] {
            self.unknowns.extend(found.unknowns);
            self.principals.extend(found.ids.into_iter().map(|id| (account, id)));
        }
    }

    /// Whoever holds a policy or is bounded by it, before or after.
    fn take_policy(&mut self, world: World<'_>, change: &Change, id: &Id, field: Field) {
        let arn = |model: &Model| Some(model.policies.get(id)?.arn.clone());
        let Some(arn) = arn(&change.after).or_else(|| arn(&change.informed)) else { return };
        let documents = [&change.informed, &change.after].map(|model| model.document_of(&arn));
        if let [before, after] = &documents
            && before.is_known()
            && before.value() == after.value()
        {
            return;
        }
        let mut is_held = directory::is_given(world, change.after.account(), &arn);
        // Another version moves nobody in or out.
        let models: &[&Model] = match field {
            Field::Version | Field::Default => &[&change.after],
            _ => &[&change.informed, &change.after],
        };
        for model in models {
            let [held, bounded] = model.known_holders_of(&arn);
            is_held |= !held.is_empty();
            self.take_holders(change, model, held.into_iter().chain(bounded));
        }
        if !is_held {
            self.policies.insert(id.clone());
            // All holders of a policy that was made in sight were seen.
            let policy = change.after.policies.get(id).or_else(|| change.informed.policies.get(id));
            let is_made_in_sight = policy.is_some_and(|policy| policy.newest_is_exact);
            if !is_made_in_sight && !change.after.attached_to(&arn).is_complete() {
                self.open_policies.insert(id.clone());
            }
        }
    }

    fn take_holders(&mut self, change: &Change, model: &Model, ids: impl Iterator<Item = Id>) {
        for id in ids {
            match model.identity(&id).map(|identity| identity.kind) {
                Some(Kind::Group) => self.take_group(change, &id),
                _ => {
                    self.principals.insert((model.account(), id));
                }
            }
        }
    }

    /// All principals of the accounts whose service control policies are others now.
    fn take_organization(&mut self, before: World<'_>, after: World<'_>) {
        for model in after.models() {
            let account = model.account();
            if before.scps(account).same(&after.scps(account)) {
                continue;
            }
            let all = model.principals().filter(|identity| !identity.is_service_linked());
            self.principals.extend(all.map(|identity| (account, identity.id.clone())));
        }
    }
}

/// Whether a field decides what its bearer, or whoever belongs to it, may do.
pub(super) fn moves(field: Field) -> bool {
    match field {
        Field::Existence
        | Field::FirstSeen
        | Field::Name
        | Field::Path
        | Field::Inline
        | Field::Attached
        | Field::Boundary
        | Field::Groups
        | Field::Members
        | Field::Trust
        | Field::Tags
        | Field::Version
        | Field::Default => true,
        Field::Id
        | Field::SessionLength
        | Field::Keys
        | Field::Login
        | Field::Mfa
        | Field::Credentials
        | Field::Role
        | Field::Clients
        | Field::Certificates
        | Field::Setting
        | Field::Content
        | Field::Targets
        | Field::Parent
        | Field::Provisioned
        | Field::Assignments
        | Field::Memberships => false,
    }
}
