//! What goes with an identity that is deleted, and one identity under another id.

use std::sync::Arc;

use super::{Fold, subject};
use crate::change::Field;
use crate::fact::Fact;
use crate::identity::{Id, Kind};
use crate::listing::Listing;
use crate::model::{TOMBSTONES_MAX, Tombstone, lower};

impl Fold<'_> {
    /// What the model still holds of an identity that AWS would not have deleted with it.
    ///
    /// Source: IAM API Reference, `DeleteUser`, `DeleteGroup`, `DeleteRole`.
    pub(super) fn left_inside(&self, id: &Id) -> Vec<Arc<str>> {
        let Some(identity) = self.model.identity(id) else { return Vec::new() };
        let mut left = sure(&identity.inline);
        left.extend(sure(&identity.attached));
        left.extend(sure(&identity.keys));
        left.extend(sure(&identity.mfa));
        left.extend(sure(&identity.credentials));
        left.extend(sure(&identity.groups).iter().map(|id| Arc::from(id.as_str())));
        left.extend(sure(&identity.members).iter().map(|id| Arc::from(id.as_str())));
        if matches!(identity.login.value(), Some(Some(_))) {
            left.push("login".into());
        }
        let holders = self.model.instance_profiles();
        left.extend(
            holders
                .filter(|profile| profile.role.value() == Some(&Some(id.clone())))
                .map(|profile| profile.name.clone()),
        );
        left
    }

    /// Takes an identity out of the model and leaves a tombstone.
    pub(super) fn bury(&mut self, id: &Id) {
        let Some(identity) = self.model.shared_identity(id).cloned() else { return };
        let proof = self.entry.proof.clone();
        self.touch_identity(id, Field::Existence, None);
        for group in identity.groups.keys() {
            self.edit(group, |group| group.members.remove(id, &proof));
            self.touch_identity(group, Field::Members, Some(id.as_str()));
        }
        for member in identity.members.keys() {
            self.edit(member, |user| user.groups.remove(id, &proof));
            self.touch_identity(member, Field::Groups, Some(id.as_str()));
        }
        for name in self.profiles_of(id) {
            self.edit_profile(&name, |profile| profile.role = Fact::known(None, &proof));
            self.touch_profile(&name, Field::Role);
        }
        for serial in identity.mfa.keys() {
            self.edit_device(serial, |device| device.owner = Fact::known(None, &proof));
        }
        self.model.identities.remove(id);
        self.model.names.remove_mut(&(identity.kind, lower(&identity.name)));
        self.trust_no_more(identity.kind, &identity.name, id);
        self.entomb(Tombstone {
            id: id.clone(),
            subject: subject(identity.kind, &identity.name),
            arn: identity.arn(&self.model.partition, self.model.account),
            deleted: proof,
        });
    }

    pub(super) fn entomb(&mut self, tombstone: Tombstone) {
        if self.model.tombstones.size() >= TOMBSTONES_MAX {
            self.model.is_truncated = true;
            return;
        }
        self.model.tombstones.insert_mut(tombstone.id.clone(), Arc::new(tombstone));
    }

    /// The unique id of an identity became known: it goes over to it, with all that names it.
    pub(super) fn join(&mut self, old: &Id, new: &Id) {
        let Some(shared) = self.model.shared_identity(old).cloned() else { return };
        let mut identity = Arc::unwrap_or_clone(shared);
        identity.id = new.clone();
        for group in identity.groups.keys() {
            self.edit(group, |group| group.members.rekey(old, new));
            self.touch_identity(group, Field::Members, Some(new.as_str()));
        }
        for member in identity.members.keys() {
            self.edit(member, |user| user.groups.rekey(old, new));
            self.touch_identity(member, Field::Groups, Some(new.as_str()));
        }
        let proof = self.entry.proof.clone();
        for name in self.profiles_of(old) {
            let role = Fact::known(Some(new.clone()), &proof);
            self.edit_profile(&name, |profile| profile.role = role);
            self.touch_profile(&name, Field::Role);
        }
        for serial in identity.mfa.keys() {
            let owner = Fact::known(Some(new.clone()), &proof);
            self.edit_device(serial, |device| device.owner = owner);
        }
        let (kind, old_name) = (identity.kind, identity.name.clone());
        self.model.identities.remove(old);
        self.model.names.remove_mut(&(kind, lower(&old_name)));
        self.model.insert_identity(identity);
        self.touch_identity(new, Field::Id, Some(old.as_str()));
    }

    fn profiles_of(&self, role: &Id) -> Vec<Arc<str>> {
        if self.model.identity(role).is_none_or(|identity| identity.kind != Kind::Role) {
            return Vec::new();
        }
        let profiles = self.model.instance_profiles();
        let held = profiles.filter(|profile| {
            profile.role.last_value().is_some_and(|held| held.as_ref() == Some(role))
        });
        held.map(|profile| lower(&profile.name)).collect()
    }
}

/// The keys of what is certainly there.
fn sure<K: Ord + Clone, V: Clone>(listing: &Listing<K, V>) -> Vec<K> {
    listing.iter().filter(|(_, fact)| fact.is_known()).map(|(key, _)| key.clone()).collect()
}
