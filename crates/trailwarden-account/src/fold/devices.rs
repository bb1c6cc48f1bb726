//! MFA devices: made, given to a user, taken away.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::Fold;
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::Kind;
use crate::listing::Listing;
use crate::managed::MfaDevice;

impl Fold<'_> {
    pub(super) fn devices(&mut self, call: &Call) -> bool {
        match call {
            Call::CreateVirtualMFADevice(c) => {
                let Some(serial) = &c.serial_number else { return true };
                if self.model.devices.contains_key(serial.as_str()) {
                    self.gap(GapKind::MadeTwice, &device_subject(serial), "");
                }
                let device = MfaDevice {
                    serial: serial.as_str().into(),
                    owner: self.known(None),
                    tags: self.tag_listing(&c.tags),
                };
                self.touch(Subject::MfaDevice(device.serial.clone()), Field::Existence, None);
                self.model.devices.insert_mut(device.serial.clone(), Arc::new(device));
            }
            Call::DeleteVirtualMFADevice(c) => {
                let Some(serial) = &c.serial_number else { return true };
                // Replaced within a second: it was the one before that was deleted.
                if self.settle(GapKind::MadeTwice, &device_subject(serial), None) {
                    return true;
                }
                // It must be deactivated first (IAM API Reference, `DeleteVirtualMFADevice`).
                let gone = self.model.devices.get(serial.as_str()).cloned();
                if let Some(Some(owner)) = gone.and_then(|device| device.owner.value().cloned()) {
                    self.gap(GapKind::DeletedInUse, &device_subject(serial), owner.as_str());
                    let (proof, serial) = (self.entry.proof.clone(), serial.as_str().into());
                    self.edit(&owner, |user| user.mfa.remove(&serial, &proof));
                }
                self.model.devices.remove_mut(serial.as_str());
                self.touch(Subject::MfaDevice(serial.as_str().into()), Field::Existence, None);
            }
            Call::EnableMFADevice(c) => {
                let (Some(id), Some(serial)) =
                    (self.target(Kind::User, &c.user_name), &c.serial_number)
                else {
                    return self.any(Kind::User, Field::Mfa);
                };
                let serial: Arc<str> = serial.as_str().into();
                let (here, owner) = (self.known(()), self.known(Some(id.clone())));
                let before = self.edit(&id, |user| user.mfa.put(serial.clone(), here));
                self.was_put(before, &id, Field::Mfa, &serial);
                self.edit_device(&serial, |device| device.owner = owner);
                self.touch_identity(&id, Field::Mfa, Some(&serial));
            }
            Call::DeactivateMFADevice(c) => self.deactivate(&c.user_name, &c.serial_number),
            _ => return false,
        }
        true
    }

    fn deactivate(&mut self, user: &Option<String>, serial: &Option<String>) {
        let Some(serial) = serial else {
            self.any(Kind::User, Field::Mfa);
            return;
        };
        let serial: Arc<str> = serial.as_str().into();
        let owner =
            self.model.devices.get(&serial).and_then(|device| device.owner.value().cloned());
        let owner = owner.flatten();
        let Some(id) = owner.or_else(|| self.target(Kind::User, user)) else {
            self.any(Kind::User, Field::Mfa);
            return;
        };
        if let Some(why) = self.is_unordered(&id, Field::Mfa, &serial) {
            self.edit(&id, |user| user.mfa.doubt(&serial, &why));
            self.edit_device(&serial, |device| device.owner.doubt(&why));
            self.touch_identity(&id, Field::Mfa, Some(&serial));
            return;
        }
        let (proof, why, none) = (self.entry.proof.clone(), self.missed(), self.known(None));
        let before = self.edit(&id, |user| user.mfa.take_off(&serial, &proof, &why));
        self.was_unseen(before, &id, &serial);
        self.edit_device(&serial, |device| device.owner = none);
        self.touch_identity(&id, Field::Mfa, Some(&serial));
    }

    /// Edits a device, which begins here when it was never seen.
    pub(super) fn edit_device(&mut self, serial: &Arc<str>, edit: impl FnOnce(&mut MfaDevice)) {
        if !self.model.devices.contains_key(serial) {
            let device = MfaDevice {
                serial: serial.clone(),
                owner: Fact::default(),
                tags: Listing::default(),
            };
            self.model.devices.insert_mut(serial.clone(), Arc::new(device));
        }
        if let Some(shared) = self.model.devices.get_mut(serial) {
            edit(Arc::make_mut(shared));
        }
    }
}

fn device_subject(serial: &str) -> String {
    format!("mfa/{serial}")
}
