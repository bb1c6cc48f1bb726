//! Users of machines that rotate their own access keys.

use serde_json::{Value, json};

use super::ACCOUNT;
use super::trail::{Caller, Trail};
use crate::corpus::calendar;
use crate::corpus::random::{self, mix, of_text};

/// The users; the baseline holds them.
pub(super) const NAMES: [&str; 3] = ["svc-registry", "svc-mailer", "svc-backup"];

/// One of them.
pub(super) struct Machine {
    name: &'static str,
    key: String,
}

impl Machine {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, key: random::access_key(ACCOUNT, name) }
    }

    /// Makes a new key, uses it, and switches the old one off and away.
    pub(super) fn rotate(&mut self, trail: &mut Trail) {
        trail.begin(Caller::Machine { name: self.name, key: self.key.clone() });
        let letters = random::letters(mix(&[of_text(&self.key), 3]), 16);
        let key = format!("AKIA{letters}");
        let response = json!({"accessKey": {
            "userName": self.name,
            "accessKeyId": key,
            "status": "Active",
            "createDate": calendar::text(trail.time),
        }});
        trail.change("CreateAccessKey", json!({"userName": self.name}), response);
        let old = std::mem::replace(&mut self.key, key);
        trail.begin(Caller::Machine { name: self.name, key: self.key.clone() });
        trail.ask("ListAccessKeys", json!({"userName": self.name}));
        let off = json!({"userName": self.name, "accessKeyId": old, "status": "Inactive"});
        trail.change("UpdateAccessKey", off, Value::Null);
        let gone = json!({"userName": self.name, "accessKeyId": old});
        trail.change("DeleteAccessKey", gone, Value::Null);
    }
}
