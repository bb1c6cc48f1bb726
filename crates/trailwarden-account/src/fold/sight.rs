//! Callers: whoever calls exists, under this id and this name, with this key; and whoever changes an
//! organization has one.

use std::sync::Arc;

use super::{Fold, subject};
use crate::change::Field;
use crate::entry::Sighting;
use crate::fact::{Fact, Proof};
use crate::gap::GapKind;
use crate::identity::{Id, Identity, KeyStatus};
use crate::listing::Before;

impl Fold<'_> {
    /// Takes in who made the call.
    pub(super) fn sight(&mut self) {
        let entry = self.entry;
        self.show_organization();
        let Some(seen) = &entry.caller else { return };
        let id = Id::unique(&seen.id);
        // Sessions and keys outlive their owner by a moment; that does not bring him back.
        if self.model.tombstone(&id).is_some() {
            return;
        }
        self.sight_identity(&id, seen);
        let path = seen.path.clone();
        let proof = entry.proof.clone();
        let is_new = self.model.identity(&id).is_some_and(|identity| !identity.path.is_known());
        if let Some(path) = path.filter(|_| is_new) {
            self.edit(&id, |identity| identity.path = Fact::known(path, &proof));
            self.touch_identity(&id, Field::Path, None);
        }
        if let Some(key) = &seen.key {
            self.sight_key(&id, key, &proof);
        }
    }

    fn sight_identity(&mut self, id: &Id, seen: &Sighting) {
        if let Some(known) = self.model.identity(id) {
            // A session that began before a rename may still carry the name of then.
            let is_name = |name: &Arc<str>| name.eq_ignore_ascii_case(&seen.name);
            let is_known = is_name(&known.name) || known.former_names.iter().any(is_name);
            if !is_known {
                let old = subject(seen.kind, &known.name);
                self.gap(GapKind::Renamed, &old, &seen.name);
                self.take_name(id, seen.kind, &seen.name);
                self.touch_identity(id, Field::Name, None);
            }
            return;
        }
        if let Some(other) = self.model.find(seen.kind, &seen.name).map(|other| other.id.clone()) {
            if other.is_provisional() {
                self.join(&other, id);
                return;
            }
            self.gap(GapKind::Replaced, &subject(seen.kind, &seen.name), other.as_str());
            self.bury(&other);
        } else if self.listed(seen.kind).is_some_and(Fact::is_known) {
            self.gap(GapKind::MadeUnseen, &subject(seen.kind, &seen.name), id.as_str());
        }
        self.model.insert_identity(Identity::seen(seen.kind, id.clone(), &seen.name));
        self.touch_identity(id, Field::FirstSeen, None);
    }

    fn sight_key(&mut self, id: &Id, key: &Arc<str>, proof: &Proof) {
        // A key that the model has known is told by its own records; it may have just been deleted.
        if self.model.key_owners.contains_key(key) {
            return;
        }
        let active = Fact::known(KeyStatus::Active, proof);
        let before = self.edit(id, |user| user.keys.put(key.clone(), active));
        self.model.key_owners.insert_mut(key.clone(), id.clone());
        if before == Some(Before::Absent) {
            let why = self.missed();
            self.edit(id, |user| user.keys.doubt_others(&why));
            let name = self.model.identity(id).map(|user| subject(user.kind, &user.name));
            self.gap(GapKind::MadeUnseen, &name.unwrap_or_default(), key);
        }
        self.touch_identity(id, Field::Keys, Some(key));
    }
}
