//! Passwords and active keys that calls of the logs gave, and that no call took away since.
//!
//! A baseline from after the call may tell nothing of them: then they may work still, or somebody took them away
//! where no log shows it. What was used after that baseline works. Where its credential report says that no key is
//! active, or that there is no password, what was given is gone, though no log shows how.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use trailwarden_account::change::Touched;
use trailwarden_account::fact::Proof;
use trailwarden_account::identity::{KeyStatus, Reported};
use trailwarden_account::{Change, Field, Id, Identity, Kind, Presence, Subject};
use trailwarden_model::{AccountId, Outcome, Timestamp};
use trailwarden_record::caller::CallerKind;
use trailwarden_record::{Event, hash};

use crate::remedies::administrators::Works;

/// What was given to whom, by account and user name in small letters.
#[derive(Debug, Default)]
pub(super) struct Given {
    means: BTreeMap<(AccountId, String), Means>,
    /// Users that were deleted, and not made again.
    deleted: BTreeSet<(AccountId, String)>,
    /// When the keys that were given were last used with success, by the hash of their ids.
    keys_used: BTreeMap<u64, Timestamp>,
}

/// What a user was given.
#[derive(Debug, Default)]
struct Means {
    has_password: bool,
    /// The last sign-in with a password.
    signed_in: Option<Timestamp>,
    keys: BTreeSet<Arc<str>>,
    /// The last time.
    last: Timestamp,
}

impl Given {
    /// Whether what was given to a user works, where a baseline of some time says nothing of it.
    pub(super) fn works(&self, account: AccountId, user: &Identity, silent: Timestamp) -> Works {
        let means = self.means.get(&(account, user.name.to_lowercase()));
        let Some(means) = means.filter(|means| !means.is_somebody_else(user)) else {
            return Works::No;
        };
        let (has_password, keys) = (means.has_password(user), means.keys_left(user));
        let is_later = |time: &Timestamp| *time > silent;
        let is_used = |key: &&Arc<str>| self.keys_used.get(&hash::of(key)).is_some_and(is_later);
        let is_seen = has_password && means.signed_in.as_ref().is_some_and(is_later)
            || keys.iter().any(is_used);
        match (is_seen, has_password || !keys.is_empty()) {
            (true, _) => Works::Yes,
            (false, true) => Works::Unknown,
            (false, false) => Works::No,
        }
    }

    /// Notes that a key, by the hash of its id, signed a call that succeeded.
    pub(super) fn note_use(&mut self, key: u64, time: Timestamp) {
        if let Some(last) = self.keys_used.get_mut(&key) {
            *last = (*last).max(time);
        }
    }

    /// Notes that somebody signed in with a password.
    pub(super) fn note_sign_in(&mut self, event: &Event) {
        let caller = &event.caller;
        let is_one = event.action().as_str() == "signin:ConsoleLogin"
            && event.outcome == Outcome::Succeeded
            && caller.kind == CallerKind::User;
        let Some(account) = caller.account.or(event.account).filter(|_| is_one) else { return };
        if let Some(means) = self.means.get_mut(&(account, caller.user_name.to_lowercase())) {
            means.signed_in = means.signed_in.max(Some(event.time));
        }
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
                    self.keys_used.entry(hash::of(item)).or_default();
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
    fn is_somebody_else(&self, user: &Identity) -> bool {
        user.created.value().is_some_and(|created| *created > self.last)
    }

    /// What a credential report says that is later than what was given.
    fn reported<'u>(&self, user: &'u Identity) -> Option<&'u Reported> {
        let later = user.reported.proof().and_then(Proof::time).is_some_and(|it| it >= self.last);
        user.reported.value().filter(|_| later)
    }

    /// Whether the password may be left, and nobody knows more of it.
    fn has_password(&self, user: &Identity) -> bool {
        let is_off = self.reported(user).is_some_and(|row| row.password_enabled == Some(false));
        self.has_password && user.login.value().is_none() && !is_off
    }

    /// The keys that may be left, and of which nobody knows more.
    fn keys_left(&self, user: &Identity) -> Vec<&Arc<str>> {
        // A slot that holds no key is not in the list.
        let are_off = self.reported(user).is_some_and(|row| !row.keys_active.contains(&true));
        let is_unknown = |key: &&Arc<str>| matches!(user.keys.get(key), Presence::Unknown(_));
        self.keys.iter().filter(|_| !are_off).filter(is_unknown).collect()
    }
}
