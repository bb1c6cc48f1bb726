//! Access keys, console passwords and credentials for single services.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::Fold;
use crate::change::Field;
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::{Credential, CredentialKind, Id, KeyStatus, Kind, LoginProfile};
use crate::listing::Before;

impl Fold<'_> {
    pub(super) fn credentials(&mut self, call: &Call) -> bool {
        match call {
            Call::CreateAccessKey(c) => {
                // A key is made active, whatever the reply leaves out.
                let status = c.status.as_deref().unwrap_or("Active");
                self.put_key(&c.user_name, &c.access_key_id, Some(status));
            }
            Call::UpdateAccessKey(c) => {
                self.put_key(&c.user_name, &c.access_key_id, c.status.as_deref());
            }
            Call::DeleteAccessKey(c) => self.delete_key(&c.user_name, &c.access_key_id),
            Call::CreateLoginProfile(c) => {
                let reset = c.password_reset_required.unwrap_or_default();
                self.put_login(&c.user_name, Some(reset));
            }
            Call::UpdateLoginProfile(c) => self.put_login(&c.user_name, c.password_reset_required),
            Call::ChangePassword(c) => self.put_login(&c.user_name, Some(false)),
            Call::DeleteLoginProfile(c) => self.delete_login(&c.user_name),
            _ => return self.other_credentials(call),
        }
        true
    }

    fn other_credentials(&mut self, call: &Call) -> bool {
        use CredentialKind::{ServiceSpecific, SigningCertificate, SshKey};
        match call {
            Call::UploadSSHPublicKey(c) => {
                self.put_credential(&c.user_name, &c.ssh_public_key_id, SshKey, &c.status);
            }
            Call::UpdateSSHPublicKey(c) => {
                self.put_credential(&c.user_name, &c.ssh_public_key_id, SshKey, &c.status);
            }
            Call::DeleteSSHPublicKey(c) => {
                self.delete_credential(&c.user_name, &c.ssh_public_key_id);
            }
            Call::UploadSigningCertificate(c) => {
                self.put_credential(&c.user_name, &c.certificate_id, SigningCertificate, &c.status);
            }
            Call::UpdateSigningCertificate(c) => {
                self.put_credential(&c.user_name, &c.certificate_id, SigningCertificate, &c.status);
            }
            Call::DeleteSigningCertificate(c) => {
                self.delete_credential(&c.user_name, &c.certificate_id);
            }
            Call::CreateServiceSpecificCredential(c) => {
                let id = &c.service_specific_credential_id;
                self.put_credential(&c.user_name, id, ServiceSpecific, &c.status);
            }
            Call::UpdateServiceSpecificCredential(c) => {
                let id = &c.service_specific_credential_id;
                self.put_credential(&c.user_name, id, ServiceSpecific, &c.status);
            }
            Call::ResetServiceSpecificCredential(c) => {
                let id = &c.service_specific_credential_id;
                self.put_credential(&c.user_name, id, ServiceSpecific, &c.status);
            }
            Call::DeleteServiceSpecificCredential(c) => {
                self.delete_credential(&c.user_name, &c.service_specific_credential_id);
            }
            _ => return false,
        }
        true
    }

    /// Whose key it is: the key knows better than the name, which may be left out.
    fn key_owner(&mut self, user: &Option<String>, key: &Option<String>) -> Option<Id> {
        let owner = key.as_deref().and_then(|key| self.model.key_owners.get(key)).cloned();
        match owner {
            Some(owner) if self.model.identity(&owner).is_some() => Some(owner),
            _ => self.target(Kind::User, user),
        }
    }

    fn put_key(&mut self, user: &Option<String>, key: &Option<String>, status: Option<&str>) {
        let (Some(id), Some(key)) = (self.key_owner(user, key), key) else {
            self.any(Kind::User, Field::Keys);
            return;
        };
        let key: Arc<str> = key.as_str().into();
        let status = self.given(status.and_then(KeyStatus::parse));
        self.edit(&id, |user| user.keys.put(key.clone(), status));
        self.model.key_owners.insert_mut(key.clone(), id.clone());
        self.touch_identity(&id, Field::Keys, Some(&key));
    }

    fn delete_key(&mut self, user: &Option<String>, key: &Option<String>) {
        let Some(key) = key else {
            self.any(Kind::User, Field::Keys);
            return;
        };
        let owner = self.model.key_owners.get(key.as_str()).cloned();
        let owner = owner.filter(|owner| self.model.identity(owner).is_some());
        let Some(id) = owner.or_else(|| self.target(Kind::User, user)) else {
            self.any(Kind::User, Field::Keys);
            return;
        };
        let key: Arc<str> = key.as_str().into();
        let (proof, why) = (self.entry.proof.clone(), self.missed());
        let before = self.edit(&id, |user| user.keys.take_off(&key, &proof, &why));
        self.was_unseen(before, &id, &key);
        self.touch_identity(&id, Field::Keys, Some(&key));
    }

    fn put_login(&mut self, user: &Option<String>, reset: Option<bool>) {
        let Some(id) = self.target(Kind::User, user) else {
            self.any(Kind::User, Field::Login);
            return;
        };
        let proof = self.entry.proof.clone();
        let before = self.edit(&id, |user| {
            let old = user.login.value().cloned();
            // A parameter that `UpdateLoginProfile` leaves out stays what it was.
            let kept = old.clone().flatten().and_then(|login| login.reset_required);
            let login = LoginProfile { reset_required: reset.or(kept) };
            user.login = Fact::known(Some(login), &proof);
            old
        });
        let is_made = matches!(self.entry.call, Call::CreateLoginProfile(_));
        match before {
            Some(Some(None)) if !is_made => self.was_unseen(Some(Before::Absent), &id, "login"),
            Some(Some(Some(_))) if is_made => {
                let subject = self.subject_of(&id);
                self.gap(GapKind::MadeTwice, &subject, "login");
            }
            Some(None) if is_made => {
                self.was_put(Some(Before::Unknown), &id, Field::Login, "");
            }
            _ => {}
        }
        self.touch_identity(&id, Field::Login, None);
    }

    fn delete_login(&mut self, user: &Option<String>) {
        let Some(id) = self.target(Kind::User, user) else {
            self.any(Kind::User, Field::Login);
            return;
        };
        // Made twice and deleted in one second: that deletion was the one of the password before.
        let subject = self.subject_of(&id);
        if self.settle(GapKind::MadeTwice, &subject, Some("login")) {
            return;
        }
        if let Some(why) = self.is_unordered(&id, Field::Login, "") {
            self.edit(&id, |user| user.login.doubt(&why));
            self.touch_identity(&id, Field::Login, None);
            return;
        }
        let none = self.known(None);
        let before = self.edit(&id, |user| std::mem::replace(&mut user.login, none));
        if before.is_some_and(|before| before.value() == Some(&None)) {
            self.was_unseen(Some(Before::Absent), &id, "login");
        }
        self.touch_identity(&id, Field::Login, None);
    }

    fn put_credential(
        &mut self,
        user: &Option<String>,
        credential: &Option<String>,
        kind: CredentialKind,
        status: &Option<String>,
    ) {
        let (Some(id), Some(key)) = (self.target(Kind::User, user), credential) else {
            self.any(Kind::User, Field::Credentials);
            return;
        };
        let key: Arc<str> = key.as_str().into();
        let status = status.as_deref().and_then(KeyStatus::parse);
        let fact = self.known(Credential { kind, status });
        self.edit(&id, |user| user.credentials.put(key.clone(), fact));
        self.touch_identity(&id, Field::Credentials, Some(&key));
    }

    fn delete_credential(&mut self, user: &Option<String>, credential: &Option<String>) {
        let Some(key) = credential else {
            self.any(Kind::User, Field::Credentials);
            return;
        };
        let Some(id) = self.target(Kind::User, user) else {
            self.any(Kind::User, Field::Credentials);
            return;
        };
        let key: Arc<str> = key.as_str().into();
        let (proof, why) = (self.entry.proof.clone(), self.missed());
        let before = self.edit(&id, |user| user.credentials.take_off(&key, &proof, &why));
        self.was_unseen(before, &id, &key);
        self.touch_identity(&id, Field::Credentials, Some(&key));
    }
}
