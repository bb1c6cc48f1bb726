//! Access keys and MFA devices of users, as the AWS CLI lists them for one user each.
//!
//! The credential report tells how many there are; these tell which.
//!
//! Source: IAM API Reference, `ListAccessKeys` and `ListMFADevices`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::import::Import;
use super::{Error, arc};
use crate::Fact;
use crate::identity::{KeyStatus, Kind};
use crate::listing::Listing;

/// What belongs to one user each, by his name.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Credentials {
    keys: BTreeMap<String, BTreeMap<Arc<str>, Option<KeyStatus>>>,
    devices: BTreeMap<String, Vec<Arc<str>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    access_key_metadata: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Key {
    access_key_id: String,
    status: String,
}

#[derive(Deserialize)]
struct Devices {
    #[serde(rename = "MFADevices")]
    devices: Vec<Device>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Device {
    serial_number: String,
}

impl Credentials {
    /// Adds all keys of a user: the output of `aws iam list-access-keys`.
    ///
    /// # Errors
    /// It is not.
    pub fn add_keys(&mut self, user: &str, json: &[u8]) -> Result<(), Error> {
        let wrong = |source| Error::Json { what: "list of access keys", source };
        let keys: Keys = serde_json::from_slice(json).map_err(wrong)?;
        let keys = keys.access_key_metadata.iter();
        let keys = keys.map(|key| (arc(&key.access_key_id), KeyStatus::parse(&key.status)));
        self.keys.insert(user.to_owned(), keys.collect());
        Ok(())
    }

    /// Adds all MFA devices of a user: the output of `aws iam list-mfa-devices`.
    ///
    /// # Errors
    /// It is not.
    pub fn add_devices(&mut self, user: &str, json: &[u8]) -> Result<(), Error> {
        let wrong = |source| Error::Json { what: "list of MFA devices", source };
        let devices: Devices = serde_json::from_slice(json).map_err(wrong)?;
        let serials = devices.devices.iter().map(|device| arc(&device.serial_number));
        self.devices.insert(user.to_owned(), serials.collect());
        Ok(())
    }

    pub(super) fn merged(mut self, other: Self) -> Result<Self, Error> {
        self.keys = super::merge::union("list of access keys of", self.keys, other.keys)?;
        self.devices = super::merge::union("list of MFA devices of", self.devices, other.devices)?;
        Ok(self)
    }
}

impl Import<'_> {
    /// After the report, which knows less.
    pub(super) fn credentials(&mut self) {
        let (keys_proof, devices_proof) = (self.part("access keys"), self.part("MFA devices"));
        let told = &self.baseline.credentials;
        for (name, keys) in &told.keys {
            let id = self.model.find(Kind::User, name).map(|user| user.id.clone());
            let Some(id) = id else { continue };
            let mut listing = Listing::empty(&keys_proof);
            for (key, status) in keys {
                let status = status.map(|status| Fact::known(status, &keys_proof));
                listing.put(key.clone(), status.unwrap_or_default());
            }
            self.edit(&id, |user| user.keys = listing);
        }
        for (name, serials) in &told.devices {
            let id = self.model.find(Kind::User, name).map(|user| user.id.clone());
            let Some(id) = id else { continue };
            let serials = serials.iter().map(|serial| (serial.clone(), ()));
            let listing = Listing::all(serials, &devices_proof);
            self.edit(&id, |user| user.mfa = listing);
        }
    }
}
