//! Passwords and active keys that calls of the logs gave, and that no call took away since.
//!
//! A baseline from after the logs may tell nothing of them: then they count. Where its credential report says
//! that no key is active, or that there is no password, what was given is gone, though no log shows how.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use trailwarden_account::change::Touched;
use trailwarden_account::fact::Proof;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Change, Field, Id, Identity, Kind, Presence, Subject};
use trailwarden_model::{AccountId, Timestamp};

/// What was given to whom, by account and user name in small letters.
#[derive(Debug, Default)]
pub(super) struct Given {
    means: BTreeMap<(AccountId, String), Means>,
    /// Users that were deleted, and not made again.
    deleted: BTreeSet<(AccountId, String)>,
}

/// What a user was given.
#[derive(Debug, Default)]
pub(crate) struct Means {
    has_password: bool,
    keys: BTreeSet<Arc<str>>,
    /// The last time.
    last: Timestamp,
}

impl Given {
    pub(super) fn to(&self, account: AccountId, user: &str) -> Option<&Means> {
        self.means.get(&(account, user.to_lowercase()))
    }

    pub(super) fn is_deleted(&self, account: AccountId, user: &str) -> bool {
        self.deleted.contains(&(account, user.to_lowercase()))
    }

    pub(super) fn note(&mut self, change: &Change) {
        let Proof::Record(record) = &change.proof else { return };
        let account = change.after.account();
        for touched in &change.touched {
            match &touched.subject {
                Subject::Identity(Kind::User, id) => {
                    self.note_user(change, id, touched, record.order.time);
                }
                // Each of them may be the one that lost something.
                Subject::AnyIdentity(Kind::User) => self.means.retain(|(of, _), _| *of != account),
                _ => {}
            }
        }
    }

    fn note_user(&mut self, change: &Change, id: &Id, touched: &Touched, time: Timestamp) {
        let account = change.after.account();
        let after = change.after.identity(id);
        let key = |one: &Identity| (account, one.name.to_lowercase());
        let before = change.before.identity(id).map(key);
        let Some(user) = after.filter(|_| touched.field != Field::Existence) else {
            // One of the same name that is made later is somebody else.
            for key in before.iter().cloned().chain(after.map(key)) {
                self.means.remove(&key);
            }
            match after.map(key) {
                Some(made) => _ = self.deleted.remove(&made),
                None if touched.field == Field::Existence => self.deleted.extend(before),
                None => {}
            }
            return;
        };
        match touched.field {
            Field::Name => {
                let means = before.and_then(|before| self.means.remove(&before));
                self.means.extend(means.map(|means| (key(user), means)));
            }
            Field::Login => {
                let means = self.means.entry(key(user)).or_default();
                means.has_password = matches!(user.login.value(), Some(Some(_)));
                means.last = time;
            }
            Field::Keys => {
                let Some(item) = &touched.item else { return };
                let is_active = matches!(user.keys.get(item),
                    Presence::Present(status) if status.value() == Some(&KeyStatus::Active));
                let means = self.means.entry(key(user)).or_default();
                if is_active {
                    means.keys.insert(item.clone());
                } else {
                    means.keys.remove(item);
                }
                means.last = time;
            }
            _ => {}
        }
    }
}

impl Means {
    /// Whether one of them works still, as far as anybody knows of the user.
    pub(in crate::remedies) fn are_left(&self, user: &Identity) -> bool {
        let is_known = |key: &Arc<str>| !matches!(user.keys.get(key), Presence::Unknown(_));
        let is_somebody_else = user.created.value().is_some_and(|created| *created > self.last);
        let later = user.reported.proof().and_then(Proof::time).is_some_and(|it| it >= self.last);
        let reported = user.reported.value().filter(|_| later);
        let is_off = reported.is_some_and(|row| row.password_enabled == Some(false));
        // A slot that holds no key is not in the list.
        let are_off = reported.is_some_and(|row| !row.keys_active.contains(&true));
        let has_password = self.has_password && user.login.value().is_none() && !is_off;
        let has_key = !are_off && self.keys.iter().any(|key| !is_known(key));
        !is_somebody_else && (has_password || has_key)
    }
}
