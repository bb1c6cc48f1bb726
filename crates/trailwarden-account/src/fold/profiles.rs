//! Instance profiles and their role.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::Fold;
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::Kind;
use crate::listing::Listing;
use crate::managed::InstanceProfile;
use crate::model::lower;

impl Fold<'_> {
    pub(super) fn profiles(&mut self, call: &Call) -> bool {
        match call {
            Call::CreateInstanceProfile(c) => {
                let Some(name) = &c.instance_profile_name else { return true };
                let profile = InstanceProfile {
                    name: name.as_str().into(),
                    id: self.given(c.instance_profile_id.as_deref().map(Into::into)),
                    arn: self.given(c.instance_profile_arn.as_deref().map(Into::into)),
                    role: self.known(None),
                    tags: self.tag_listing(&c.tags),
                };
                if let Some(old) = self.model.instance_profile(name)
                    && old.id != profile.id
                {
                    self.gap(GapKind::MadeTwice, &profile_subject(name), "");
                }
                self.model.profiles.insert_mut(lower(name), Arc::new(profile));
                self.touch_profile(name, Field::Existence);
            }
            Call::DeleteInstanceProfile(c) => {
                let Some(name) = &c.instance_profile_name else { return true };
                // Replaced within a second: it was the one before that was deleted.
                if self.settle(GapKind::MadeTwice, &profile_subject(name), Some("")) {
                    return true;
                }
                let role = self.model.instance_profile(name).and_then(|found| found.role.value());
                if let Some(Some(role)) = role.cloned() {
                    self.gap(GapKind::DeletedInUse, &profile_subject(name), role.as_str());
                }
                self.model.profiles.remove_mut(&lower(name));
                self.touch_profile(name, Field::Existence);
            }
            Call::AddRoleToInstanceProfile(c) => {
                let (Some(name), Some(role)) =
                    (&c.instance_profile_name, self.target(Kind::Role, &c.role_name))
                else {
                    return true;
                };
                let role = self.known(Some(role));
                let subject = profile_subject(name);
                let key = self.seen_profile(name);
                let old = self.model.profiles.get(&key).and_then(|p| p.role.value().cloned());
                // A profile holds one role, and AWS refuses a second one, the same one too (IAM API
                // Reference, `AddRoleToInstanceProfile`, `LimitExceeded`).
                if let Some(Some(old)) = old {
                    self.gap(GapKind::MadeTwice, &subject, old.as_str());
                }
                self.edit_profile(&key, |profile| profile.role = role);
                self.touch_profile(name, Field::Role);
            }
            Call::RemoveRoleFromInstanceProfile(c) => {
                let Some(name) = &c.instance_profile_name else { return true };
                // Replaced within a second: it was the role before that was taken out.
                if self.settle(GapKind::MadeTwice, &profile_subject(name), None) {
                    self.touch_profile(name, Field::Role);
                    return true;
                }
                let none = self.known(None);
                let key = self.seen_profile(name);
                self.edit_profile(&key, |profile| profile.role = none);
                self.touch_profile(name, Field::Role);
            }
            _ => return false,
        }
        true
    }

    /// The key of a profile, which begins here when it was never seen.
    pub(super) fn seen_profile(&mut self, name: &str) -> Arc<str> {
        let key = lower(name);
        if !self.model.profiles.contains_key(&key) {
            let profile = InstanceProfile {
                name: name.into(),
                id: Fact::default(),
                arn: Fact::default(),
                role: Fact::default(),
                tags: Listing::default(),
            };
            self.model.profiles.insert_mut(key.clone(), Arc::new(profile));
        }
        key
    }

    pub(super) fn edit_profile(&mut self, key: &Arc<str>, edit: impl FnOnce(&mut InstanceProfile)) {
        if let Some(shared) = self.model.profiles.get_mut(key) {
            edit(Arc::make_mut(shared));
        }
    }

    pub(super) fn touch_profile(&mut self, name: &str, field: Field) {
        self.touch(Subject::InstanceProfile(name.into()), field, None);
    }
}

fn profile_subject(name: &str) -> String {
    format!("instance-profile/{}", name.to_ascii_lowercase())
}
