//! What a model holds, by id, name and ARN.

use std::sync::Arc;

use trailwarden_model::Arn;

use super::{Model, Tombstone, lower};
use crate::directory::IdentityCenter;
use crate::identity::{Id, Identity, Kind};
use crate::managed::{InstanceProfile, ManagedPolicy, MfaDevice, Provider};
use crate::organization::Organization;
use crate::settings::Settings;

impl Model {
    /// Users, groups, roles and root, by id.
    pub fn identities(&self) -> impl Iterator<Item = &Identity> {
        self.identities.by_id().values().map(AsRef::as_ref)
    }

    /// The identities of a kind, by name.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Identity> {
        let from = (kind, Arc::<str>::from(""));
        let of_kind = self.names.range(from..).take_while(move |((other, _), _)| *other == kind);
        of_kind.filter_map(|(_, id)| self.identity(id))
    }

    /// The identity of an id.
    #[must_use]
    pub fn identity(&self, id: &Id) -> Option<&Identity> {
        self.shared_identity(id).map(AsRef::as_ref)
    }

    /// The shared identity of an id: the same pointer means that nothing about it changed.
    #[must_use]
    pub fn shared_identity(&self, id: &Id) -> Option<&Arc<Identity>> {
        self.identities.by_id().get(id)
    }

    /// The identity that has that name now; IAM compares names without regard to case.
    #[must_use]
    pub fn find(&self, kind: Kind, name: &str) -> Option<&Identity> {
        self.identity(self.names.get(&(kind, lower(name)))?)
    }

    /// The user, group, role or root of an ARN; of a session's ARN its role.
    #[must_use]
    pub fn find_arn(&self, arn: &str) -> Option<&Identity> {
        let arn = Arn::parse(arn)?;
        if arn.account_id() != Some(self.account) {
            return None;
        }
        let found = match arn.kind() {
            "user" => self.find(Kind::User, arn.name()),
            "group" => self.find(Kind::Group, arn.name()),
            "role" => self.find(Kind::Role, arn.name()),
            "assumed-role" => return self.find(Kind::Role, arn.session_role()?),
            "root" => return self.identity(&Id::root()),
            _ => None,
        }?;
        // A path that is known to be another makes it another ARN, which names nothing.
        match found.arn(&self.partition, self.account) {
            Some(known) if known.split(':').next_back() != arn.resource.split(':').next_back() => {
                (known.eq_ignore_ascii_case(arn.text)).then_some(found)
            }
            _ => Some(found),
        }
    }

    /// The ARN of an identity, once its path is known.
    #[must_use]
    pub fn arn_of(&self, id: &Id) -> Option<String> {
        self.identity(id)?.arn(&self.partition, self.account)
    }

    /// Managed policies: the account's own, and those of AWS that a baseline brought.
    pub fn policies(&self) -> impl Iterator<Item = &ManagedPolicy> {
        self.policies.values().map(AsRef::as_ref)
    }

    /// The managed policy that has that ARN now, if the model has seen it.
    #[must_use]
    pub fn policy(&self, arn: &str) -> Option<&ManagedPolicy> {
        self.policies.get(self.policy_ids.get(&lower(arn))?).map(AsRef::as_ref)
    }

    /// Instance profiles.
    pub fn instance_profiles(&self) -> impl Iterator<Item = &InstanceProfile> {
        self.profiles.values().map(AsRef::as_ref)
    }

    /// An instance profile by name.
    #[must_use]
    pub fn instance_profile(&self, name: &str) -> Option<&InstanceProfile> {
        self.profiles.get(&lower(name)).map(AsRef::as_ref)
    }

    /// Identity providers.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.providers.values().map(AsRef::as_ref)
    }

    /// MFA devices.
    pub fn mfa_devices(&self) -> impl Iterator<Item = &MfaDevice> {
        self.devices.values().map(AsRef::as_ref)
    }

    /// Account-wide settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What this account's trail says about its organization.
    #[must_use]
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// What this account's trail says about Identity Center.
    #[must_use]
    pub fn identity_center(&self) -> &IdentityCenter {
        &self.identity_center
    }

    /// What was deleted, by id.
    #[must_use]
    pub fn tombstone(&self, id: &Id) -> Option<&Tombstone> {
        self.tombstones.get(id).map(AsRef::as_ref)
    }

    /// Whether something of that name was deleted, such as `user/bob` in small letters.
    pub(crate) fn has_tombstone_of(&self, subject: &str) -> bool {
        self.tombstones.values().any(|stone| *stone.subject == *subject)
    }

    /// Whose access key it is or was.
    #[must_use]
    pub fn owner_of_key(&self, key: &str) -> Option<&Id> {
        self.key_owners.get(key)
    }
}
