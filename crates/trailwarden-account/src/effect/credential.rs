//! Credentials given out: no permission moves, but whoever holds one may act as its owner.

mod taken;

use trailwarden_model::{AccountId, Severity};
use trailwarden_policy::reach::{Grade, Precision};

use super::entrance::grade_of;
use super::naming::arn_of;
use super::severity::{of_another, of_gain};
use super::words::plain;
use super::{Actor, Effect, Judging, Width};
use crate::access::World;
use crate::change::{Change, Field, Subject};
use crate::fact::{Fact, Proof};
use crate::identity::{CredentialKind, Id, Identity, KeyStatus, Kind};
use crate::listing::{Listing, Presence};
use crate::query::name_of;
use taken::taken;

pub use taken::CredentialTaken;

/// A credential that works now and did not before.
#[derive(Clone, PartialEq, Debug)]
pub struct CredentialGiven {
    /// The owner's account.
    pub account: AccountId,
    /// Whose it is.
    pub owner: Id,
    /// Such as `user/bob`.
    pub label: String,
    /// What it is.
    pub means: Means,
    /// Its id; never a secret.
    pub item: Option<String>,
    /// How far whoever holds it may go; none when that is not known.
    pub grade: Option<Grade>,
    /// How far the actor may go by himself; none when that is not known.
    pub grade_of_actor: Option<Grade>,
    /// Whether it may have worked before: nothing shows that it was switched off.
    pub is_perhaps_old: bool,
    /// Whether the actor gave it to himself.
    pub is_own: bool,
    /// Whether the actor is known.
    pub has_actor: bool,
    /// The owner's ARN.
    pub owner_arn: String,
    /// The actor's ARN, or what is known of him.
    pub by: Option<String>,
}

/// Kinds of credential.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Means {
    /// A long-term access key.
    AccessKey,
    /// A console password.
    Password,
    /// An X.509 certificate that signs requests.
    Certificate,
    /// An SSH key for `CodeCommit`.
    SshKey,
    /// A password or key for one service.
    ServiceCredential,
    /// A second factor.
    MfaDevice,
}

impl Means {
    /// In words, with an article.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessKey => "an access key",
            Self::Password => "a password",
            Self::Certificate => "a signing certificate",
            Self::SshKey => "an SSH key",
            Self::ServiceCredential => "a credential for one service",
            Self::MfaDevice => "an MFA device",
        }
    }
}

impl CredentialGiven {
    /// Whether somebody else than the owner may act as him by it.
    #[must_use]
    pub fn is_way_in(&self) -> bool {
        !self.is_own && self.means != Means::MfaDevice
    }

    /// Whether the actor may do more by it.
    #[must_use]
    pub fn is_gain_of_actor(&self) -> bool {
        self.is_for_actor() && self.is_way_in() && self.is_more()
    }

    /// Whether the actor has it in hand. Of one that was there before nobody knows who has: it was not
    /// given to him by this call, and perhaps to nobody.
    fn is_for_actor(&self) -> bool {
        self.has_actor && !self.is_perhaps_old
    }

    /// Whether both sides of the comparison are known.
    pub(super) fn is_certain(&self) -> bool {
        let is_known = !self.is_gain_of_actor() || self.grade_of_actor.is_some();
        self.grade.is_some() && is_known && !self.is_perhaps_old
    }

    fn is_more(&self) -> bool {
        self.grade.is_some() && self.grade > self.grade_of_actor
    }

    /// The severity.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        if !self.is_way_in() {
            return None;
        }
        let grade = match self.means {
            // One service, not all that the owner may do (IAM User Guide, "Service-specific
            // credentials for IAM users").
            Means::SshKey | Means::ServiceCredential => self.grade.map(|far| far.min(Grade::Write)),
            _ => self.grade,
        };
        // Who could do all that before has it twice now, and from anywhere.
        match grade.filter(|_| self.is_more()) {
            Some(grade) => of_gain(grade, self.is_for_actor(), Width::Wide),
            None => of_another(grade),
        }
    }
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let change = judging.change;
    for touched in &change.touched {
        let Subject::Identity(Kind::User | Kind::Root, id) = &touched.subject else { continue };
        let Some(user) = change.after.identity(id) else { continue };
        let before = change.informed.identity(id);
        let item = touched.item.as_deref();
        let means = match touched.field {
            Field::Keys => key(judging, before, user, item),
            Field::Login => password(judging, user),
            Field::Credentials => other(before, user, item),
            Field::Mfa => device(before, user, item, effect),
            _ => None,
        };
        let Some(means) = means else {
            effect.taken.extend(taken(change, touched, user));
            continue;
        };
        let is_same = |given: &CredentialGiven| given.owner == *id && given.means == means;
        if effect.credentials.iter().any(is_same) {
            continue;
        }
        let mut given = given(judging, user, means, item);
        given.is_perhaps_old = is_perhaps_old(change, means, before, item);
        if given.is_way_in() && given.grade.is_none() {
            effect.doubt(format!("what {} may do", given.label));
        }
        effect.credentials.push(given);
    }
}

fn given(
    judging: &Judging<'_>,
    user: &Identity,
    means: Means,
    item: Option<&str>,
) -> CredentialGiven {
    let account = judging.change.after.account();
    let actor = judging.actor.and_then(|actor| Some((actor, actor.identity(judging.after)?)));
    let is_own = actor
        .as_ref()
        .is_some_and(|(actor, identity)| actor.account == account && identity.id == user.id);
    CredentialGiven {
        account,
        owner: user.id.clone(),
        label: name_of(user),
        means,
        item: item.map(str::to_owned),
        grade: grade_of(judging.after, account, &user.id),
        grade_of_actor: judging.actor.and_then(|actor| grade_of_actor(actor, judging.before)),
        is_perhaps_old: false,
        is_own,
        has_actor: judging.actor.is_some(),
        owner_arn: arn_of(&judging.change.after, user),
        by: judging.actor.map(|actor| actor.arn(judging.after)),
    }
}

/// Whether a call only switched on a credential that no record shows switched off.
fn is_perhaps_old(
    change: &Change,
    means: Means,
    before: Option<&Identity>,
    item: Option<&str>,
) -> bool {
    let Proof::Record(record) = &change.proof else { return false };
    let Some(item) = item.filter(|_| record.event_name.starts_with("Update")) else { return false };
    let was_off = |user: &Identity| match means {
        Means::AccessKey => is_off(user.keys.get(&item.into()), |status| Some(*status)),
        Means::Password | Means::MfaDevice => true,
        _ => is_off(user.credentials.get(&item.into()), |credential| credential.status),
    };
    !before.is_some_and(was_off)
}

/// Whether a credential is known to be switched off.
fn is_off<V>(presence: Presence<'_, V>, status: impl Fn(&V) -> Option<KeyStatus>) -> bool {
    match presence {
        Presence::Present(fact) => fact.value().and_then(status) == Some(KeyStatus::Inactive),
        Presence::Absent | Presence::Unknown(_) => false,
    }
}

/// How far the actor goes for certain, which is what he cannot gain.
fn grade_of_actor(actor: &Actor, world: World<'_>) -> Option<Grade> {
    let standing = actor.standing(world)?;
    let grading = standing.grading();
    let is_known = standing.reach().precision() != Precision::Unknown;
    (is_known || grading.unconditional == Grade::Admin).then_some(grading.unconditional)
}

fn key(
    judging: &Judging<'_>,
    before: Option<&Identity>,
    user: &Identity,
    item: Option<&str>,
) -> Option<Means> {
    let key = item?;
    let works = |keys: &Listing<_, _>| {
        matches!(
            keys.get(&key.into()),
            Presence::Present(Fact::Known { value: KeyStatus::Active, .. })
        )
    };
    let is_new = works(&user.keys) && !before.is_some_and(|before| works(&before.keys));
    let is_signing = judging.actor.is_some_and(|actor| actor.key.as_deref() == Some(key));
    (is_new && !is_signing).then_some(Means::AccessKey)
}

/// A password that was set, also in the place of another.
fn password(judging: &Judging<'_>, user: &Identity) -> Option<Means> {
    let Fact::Known { value: Some(_), proof: Proof::Record(record) } = &user.login else {
        return None;
    };
    let is_this = judging.change.proof.event_id() == Some(&record.event_id);
    is_this.then_some(Means::Password)
}

fn other(before: Option<&Identity>, user: &Identity, item: Option<&str>) -> Option<Means> {
    let key = item?.into();
    let kind = |identity: &Identity| match identity.credentials.get(&key) {
        Presence::Present(Fact::Known { value, .. })
            if value.status.is_none_or(|status| status == KeyStatus::Active) =>
        {
            Some(value.kind)
        }
        _ => None,
    };
    if before.and_then(kind).is_some() {
        return None;
    }
    kind(user).map(|kind| match kind {
        CredentialKind::SshKey => Means::SshKey,
        CredentialKind::SigningCertificate => Means::Certificate,
        CredentialKind::ServiceSpecific => Means::ServiceCredential,
    })
}

fn device(
    before: Option<&Identity>,
    user: &Identity,
    item: Option<&str>,
    effect: &mut Effect,
) -> Option<Means> {
    let serial = item?.into();
    let has = |identity: &Identity| matches!(identity.mfa.get(&serial), Presence::Present(_));
    let had = before.is_some_and(has);
    if !has(user) {
        effect.note(&format!("{} has one MFA device less", plain(&name_of(user))));
        return None;
    }
    (!had).then_some(Means::MfaDevice)
}
