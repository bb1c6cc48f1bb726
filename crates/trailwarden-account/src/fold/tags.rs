//! Tags: keys match without regard to case, as IAM keeps only one of `Team` and `team`.
//!
//! Source: IAM User Guide, "Tags for IAM resources".

use std::sync::Arc;

use trailwarden_record::call::Tag;
use trailwarden_record::events::Call;

use super::Fold;
use crate::change::{Field, Subject};
use crate::fact::{Fact, Proof};
use crate::identity::Kind;
use crate::listing::Listing;
use crate::managed::ProviderKind;

type Tags = Listing<Arc<str>, Arc<str>>;

/// What a call does to tags.
#[derive(Clone, Copy)]
enum Edit<'c> {
    Put(&'c [Tag]),
    Remove(&'c [String]),
}

impl Fold<'_> {
    pub(super) fn tags(&mut self, call: &Call) -> bool {
        use Edit::{Put, Remove};
        match call {
            Call::TagUser(c) => self.tag_identity(Kind::User, &c.user_name, Put(&c.tags)),
            Call::UntagUser(c) => self.tag_identity(Kind::User, &c.user_name, Remove(&c.tag_keys)),
            Call::TagRole(c) => self.tag_identity(Kind::Role, &c.role_name, Put(&c.tags)),
            Call::UntagRole(c) => self.tag_identity(Kind::Role, &c.role_name, Remove(&c.tag_keys)),
            Call::TagPolicy(c) => self.tag_policy(&c.policy_arn, Put(&c.tags)),
            Call::UntagPolicy(c) => self.tag_policy(&c.policy_arn, Remove(&c.tag_keys)),
            Call::TagInstanceProfile(c) => {
                self.tag_profile(&c.instance_profile_name, Put(&c.tags));
            }
            Call::UntagInstanceProfile(c) => {
                self.tag_profile(&c.instance_profile_name, Remove(&c.tag_keys));
            }
            Call::TagMFADevice(c) => self.tag_device(&c.serial_number, Put(&c.tags)),
            Call::UntagMFADevice(c) => self.tag_device(&c.serial_number, Remove(&c.tag_keys)),
            Call::TagSAMLProvider(c) => {
                self.tag_provider(ProviderKind::Saml, &c.saml_provider_arn, Put(&c.tags));
            }
            Call::UntagSAMLProvider(c) => {
                self.tag_provider(ProviderKind::Saml, &c.saml_provider_arn, Remove(&c.tag_keys));
            }
            Call::TagOpenIDConnectProvider(c) => {
                let arn = &c.open_id_connect_provider_arn;
                self.tag_provider(ProviderKind::OpenIdConnect, arn, Put(&c.tags));
            }
            Call::UntagOpenIDConnectProvider(c) => {
                let arn = &c.open_id_connect_provider_arn;
                self.tag_provider(ProviderKind::OpenIdConnect, arn, Remove(&c.tag_keys));
            }
            _ => return false,
        }
        true
    }

    fn tag_identity(&mut self, kind: Kind, name: &Option<String>, edit: Edit<'_>) {
        let Some(id) = self.target(kind, name) else {
            self.any(kind, Field::Tags);
            return;
        };
        let proof = self.entry.proof.clone();
        self.edit(&id, |identity| apply(&mut identity.tags, edit, &proof));
        for key in keys(edit) {
            self.touch_identity(&id, Field::Tags, Some(key));
        }
    }

    fn tag_policy(&mut self, arn: &Option<String>, edit: Edit<'_>) {
        let Some(id) = arn.as_deref().and_then(|arn| self.policy(arn)) else { return };
        let proof = self.entry.proof.clone();
        self.edit_policy(&id, |policy| apply(&mut policy.tags, edit, &proof));
        self.touch(Subject::Policy(id), Field::Tags, None);
    }

    fn tag_profile(&mut self, name: &Option<String>, edit: Edit<'_>) {
        let Some(name) = name else { return };
        let (key, proof) = (self.seen_profile(name), self.entry.proof.clone());
        self.edit_profile(&key, |profile| apply(&mut profile.tags, edit, &proof));
        self.touch_profile(name, Field::Tags);
    }

    fn tag_device(&mut self, serial: &Option<String>, edit: Edit<'_>) {
        let Some(serial) = serial.as_deref().map(Arc::<str>::from) else { return };
        let proof = self.entry.proof.clone();
        self.edit_device(&serial, |device| apply(&mut device.tags, edit, &proof));
        self.touch(Subject::MfaDevice(serial), Field::Tags, None);
    }

    fn tag_provider(&mut self, kind: ProviderKind, arn: &Option<String>, edit: Edit<'_>) {
        let proof = self.entry.proof.clone();
        self.edit_provider(kind, arn, Field::Tags, |provider| {
            apply(&mut provider.tags, edit, &proof);
        });
    }
}

fn keys<'c>(edit: Edit<'c>) -> Vec<&'c str> {
    match edit {
        Edit::Put(tags) => tags.iter().map(|tag| tag.key.as_str()).collect(),
        Edit::Remove(keys) => keys.iter().map(String::as_str).collect(),
    }
}

fn apply(tags: &mut Tags, edit: Edit<'_>, proof: &Proof) {
    for key in keys(edit) {
        let same: Vec<Arc<str>> =
            tags.keys().filter(|old| old.eq_ignore_ascii_case(key)).cloned().collect();
        for old in same {
            tags.remove(&old, proof);
        }
    }
    match edit {
        Edit::Put(new) => {
            for tag in new {
                let value = Fact::known(tag.value.as_str().into(), proof);
                tags.put(tag.key.as_str().into(), value);
            }
        }
        Edit::Remove(gone) => {
            for key in gone {
                tags.remove(&key.as_str().into(), proof);
            }
        }
    }
}
