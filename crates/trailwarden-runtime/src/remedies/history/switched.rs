//! When keys were switched off and on.

use trailwarden_account::fact::Proof;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Change, Field, Presence, Subject};
use trailwarden_record::hash;

use super::Telling;

impl Telling {
    pub(super) fn note_keys(&mut self, change: &Change) {
        for touched in change.touched.iter().filter(|touched| touched.field == Field::Keys) {
            let (Subject::Identity(_, id), Some(key)) = (&touched.subject, &touched.item) else {
                continue;
            };
            let user = change.after.identity(id);
            let status = user.and_then(|user| match user.keys.get(key) {
                Presence::Present(status) => status.value().copied(),
                Presence::Absent | Presence::Unknown(_) => None,
            });
            if let (Proof::Record(record), Some(KeyStatus::Active)) = (&change.proof, status) {
                self.history.switched_on.insert(key.to_string(), record.order.time);
            }
            let time = match (&change.proof, status) {
                (Proof::Record(record), Some(KeyStatus::Inactive)) => Some(record.order.time),
                _ => None,
            };
            match time {
                // A key that was inactive stays so since then.
                Some(time) => {
                    self.history.switched_off.entry(key.to_string()).or_insert(time);
                    self.history.used_though_off.entry(hash::of(key)).or_insert(time);
                }
                None => {
                    self.history.switched_off.remove(key.as_ref());
                }
            }
        }
    }
}
