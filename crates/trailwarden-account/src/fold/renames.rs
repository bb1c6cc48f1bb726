//! Identities under another name, and identities that go.

use super::{Fold, subject};
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::{FORMER_NAMES_MAX, Id, Kind};
use crate::model::lower;

impl Fold<'_> {
    /// The ARN changes, the id stays, and so does all that is attached.
    ///
    /// Source: IAM User Guide, "Rename an IAM user": policies that name the old ARN do not follow.
    pub(super) fn renamed(
        &mut self,
        kind: Kind,
        name: &Option<String>,
        new_name: &Option<String>,
        new_path: &Option<String>,
    ) -> bool {
        let Some(id) = self.target(kind, name) else { return self.any(kind, Field::Name) };
        if let Some(new_name) = new_name {
            self.take_name(&id, kind, new_name);
            self.touch_identity(&id, Field::Name, None);
        }
        if let Some(new_path) = new_path {
            let path = self.known(new_path.as_str().into());
            self.edit(&id, |identity| identity.path = path);
            self.touch_identity(&id, Field::Path, None);
        }
        true
    }

    /// Gives an identity a name; whoever had it must be gone.
    pub(super) fn take_name(&mut self, id: &Id, kind: Kind, name: &str) {
        let other = self.model.find(kind, name).map(|other| other.id.clone());
        if let Some(other) = other.filter(|other| other != id) {
            self.gap(GapKind::MadeTwice, &subject(kind, name), other.as_str());
            self.bury(&other);
        }
        let Some(old) = self.edit(id, |identity| {
            let old = std::mem::replace(&mut identity.name, name.into());
            if identity.former_names.len() < FORMER_NAMES_MAX {
                identity.former_names.push(old.clone());
            }
            old
        }) else {
            return;
        };
        self.model.names.remove_mut(&(kind, lower(&old)));
        self.model.names.insert_mut((kind, lower(name)), id.clone());
    }

    pub(super) fn deleted(&mut self, kind: Kind, name: &Option<String>) -> bool {
        let Some(name) = name else { return self.any(kind, Field::Existence) };
        let subject = subject(kind, name);
        let Some(found) = self.model.find(kind, name) else {
            let id = Id::provisional(kind.as_str(), &lower(name), &self.entry.proof);
            if self.listed(kind).is_some_and(Fact::is_known) {
                self.gap(GapKind::MadeUnseen, &subject, "");
            }
            self.touch(Subject::Identity(kind, id), Field::Existence, None);
            self.model.just_deleted.insert_mut(subject, ());
            return true;
        };
        let id = found.id.clone();
        // Made and deleted in one second: that deletion was the one of the bearer before.
        if found.created.value() == Some(&self.entry.order.time)
            && self.settle(GapKind::MadeTwice, &subject, None)
        {
            return true;
        }
        for left in self.left_inside(&id) {
            self.gap(GapKind::DeletedInUse, &subject, &left);
        }
        self.bury(&id);
        if self.is_unordered(&id, Field::Existence, "").is_some() {
            self.model.tombstones.remove_mut(&id);
        }
        self.model.just_deleted.insert_mut(subject, ());
        true
    }
}
