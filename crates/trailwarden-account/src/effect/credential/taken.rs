//! Credentials deleted or switched off.

use std::sync::Arc;

use trailwarden_model::AccountId;

use super::Means;
use crate::change::{Change, Field, Touched};
use crate::fact::Fact;
use crate::identity::{Credential, CredentialKind, Id, Identity, KeyStatus};
use crate::listing::Presence;
use crate::query::name_of;

/// A credential that was deleted or switched off.
#[derive(Clone, PartialEq, Debug)]
pub struct CredentialTaken {
    /// The owner's account.
    pub account: AccountId,
    /// Whose it was.
    pub owner: Id,
    /// Such as `user/bob`.
    pub label: String,
    /// What it was.
    pub means: Means,
    /// Its id; never a secret. A password has none.
    pub item: Option<Arc<str>>,
    /// Whether it may have been switched off before: nothing shows that it worked.
    pub is_perhaps_off: bool,
}

/// Whether a credential works: none when that is not known.
type Works = Option<bool>;

pub(super) fn taken(
    change: &Change,
    touched: &Touched,
    user: &Identity,
) -> Option<CredentialTaken> {
    let before = change.informed.identity(&user.id);
    let item = touched.item.as_ref();
    let works: &dyn Fn(&Identity) -> Works = match touched.field {
        Field::Keys => &|one| key(one, item?),
        Field::Login => &|one| one.login.value().map(Option::is_some),
        Field::Credentials => &|one| credential(one, item?),
        _ => return None,
    };
    let means = match touched.field {
        Field::Keys => Means::AccessKey,
        Field::Login => Means::Password,
        _ => match before.and_then(|before| held(before, item?)).map(|held| held.kind) {
            Some(CredentialKind::SshKey) => Means::SshKey,
            Some(CredentialKind::SigningCertificate) => Means::Certificate,
            Some(CredentialKind::ServiceSpecific) | None => Means::ServiceCredential,
        },
    };
    // What was not there before could not have been taken: there was one that nobody saw.
    let had_none =
        before.and_then(works) == Some(false) && before.is_some_and(|one| is_off(touched, one));
    let is_off = works(user) == Some(false) && !had_none;
    let can_be_off = means != Means::Password;
    is_off.then(|| CredentialTaken {
        is_perhaps_off: can_be_off && before.and_then(works) != Some(true),
        account: change.after.account(),
        owner: user.id.clone(),
        label: name_of(user),
        item: touched.item.clone(),
        means,
    })
}

/// Whether a credential was there, and known to be switched off.
fn is_off(touched: &Touched, user: &Identity) -> bool {
    let Some(item) = &touched.item else { return false };
    match touched.field {
        Field::Keys => super::is_off(user.keys.get(item), |status| Some(*status)),
        Field::Credentials => super::is_off(user.credentials.get(item), |one| one.status),
        _ => false,
    }
}

fn key(user: &Identity, key: &Arc<str>) -> Works {
    match user.keys.get(key) {
        Presence::Present(Fact::Known { value, .. }) => Some(*value == KeyStatus::Active),
        Presence::Absent => Some(false),
        Presence::Present(_) | Presence::Unknown(_) => None,
    }
}

fn held<'u>(user: &'u Identity, item: &Arc<str>) -> Option<&'u Credential> {
    match user.credentials.get(item) {
        Presence::Present(fact) => fact.value(),
        Presence::Absent | Presence::Unknown(_) => None,
    }
}

fn credential(user: &Identity, item: &Arc<str>) -> Works {
    match user.credentials.get(item) {
        Presence::Present(Fact::Known { value, .. }) => {
            Some(value.status.is_none_or(|status| status == KeyStatus::Active))
        }
        Presence::Absent => Some(false),
        Presence::Present(_) | Presence::Unknown(_) => None,
    }
}
