//! Which access key a finding is about.
//!
//! The credential report counts keys without naming them, and a finding about the making of a key names
//! its user. Dates tell: IAM's list of a user's keys says when each was made.
//!
//! Sources: IAM User Guide, "Generate credential reports for your AWS account" (`last_rotated` is when the
//! key was made or last changed); IAM API Reference, `ListAccessKeys`.

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_account::fact::Proof;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Field, Identity, Kind, Model, Presence, Subject as Thing};
use trailwarden_model::{Finding, Timestamp};
use trailwarden_remedy::plan::foreseen::LastUsed;
use trailwarden_remedy::subject::{Key, Known as State};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;
use super::evidence::{ASK_LOGS, Deed};
use super::named::principal_of;
use super::records::is_of_other_credential;
use crate::previews::key_last_used;

/// Seconds by which a key's date and its record's time may differ.
const APART_MAX: i64 = 2;

/// Seconds within which a change of a key counts everywhere.
const SPREADS: i64 = 300;

/// Keys of users begin so; those of sessions, which nobody can deactivate, otherwise.
///
/// Source: IAM User Guide, "IAM identifiers", the table of unique id prefixes.
pub(super) const OF_USERS: &str = "AKIA";

/// Calls after which an access key works that did not.
const OF_ACCESS_KEYS: [&str; 2] = ["CreateAccessKey", "UpdateAccessKey"];

const ASK_KEYS: &str = "give a baseline made just now, or beside the other files what `aws iam list-access-keys --user-name USER` prints";

impl Known<'_> {
    /// The keys that a finding is about: those that its records made or switched on, else the one that
    /// it names.
    pub(super) fn keys_of(
        &self,
        finding: &Finding,
        subject: &Subject,
    ) -> Result<BTreeSet<String>, NoPlan> {
        let of_records = self.keys_of_records(finding, subject.user()?);
        match of_records.is_empty() {
            true => Ok(BTreeSet::from([self.key_of(finding, subject)?])),
            false => Ok(of_records),
        }
    }

    /// Whether a finding is about a user who acted by an access key: what denies older sessions does nothing to a key.
    /// What the key gave out is ended besides.
    ///
    /// Source: IAM User Guide, "AWS global condition context keys": `aws:TokenIssueTime` is not in requests that are
    /// signed with a user's key.
    pub(super) fn acts_by_key(&self, finding: &Finding) -> bool {
        let actor = principal_of(&finding.actor).filter(|actor| actor.kind == Kind::User);
        let key = finding.actor.access_key.as_deref();
        let is_by_key =
            key.is_some_and(|key| key.starts_with(OF_USERS) && finding.actor.session.is_none());
        let Some(actor) = actor.filter(|_| is_by_key) else { return false };
        let is_about = principal_of(&finding.target)
            .is_none_or(|target| target.kind == actor.kind && target.name == actor.name);
        // A console session is not the key's.
        is_about && !finding.evidence.iter().any(|one| one.event_name == "ConsoleLogin")
    }

    fn key_of(&self, finding: &Finding, subject: &Subject) -> Result<String, NoPlan> {
        let user = subject.user()?;
        if let Some(key) = finding.target.access_key.as_deref() {
            let is_of_user = key.starts_with(OF_USERS);
            let missing = NoPlan::Missing("an access key of a user, not of a session");
            return if is_of_user { Ok(key.to_owned()) } else { Err(missing) };
        }
        if finding.target.kind.as_deref() == Some("access_key") {
            return self.key_of_slot(finding, user);
        }
        let mut made = finding.evidence.iter().filter(|one| one.event_name == "CreateAccessKey");
        if let Some(first) = made.next() {
            let times: Vec<Timestamp> =
                [first].into_iter().chain(made).map(|one| one.event_time).collect();
            return self.made_at(finding, user, &times);
        }
        let actor = &finding.actor;
        let is_own = actor.name.as_deref() == Some(user) && actor.session.is_none();
        match actor.access_key.as_deref().filter(|key| is_own && key.starts_with(OF_USERS)) {
            Some(key) => Ok(key.to_owned()),
            None if let Some(key) = self.issuing_key(finding, user) => Ok(key),
            None if finding.rule == TWO_KEYS => Err(NoPlan::Person(
                "which of the two active keys is in use is for its user to say: move what uses the older one to the newer one, then deactivate the older one"
                    .to_owned(),
            )),
            None if finding.rule == QUARANTINED => only_active(subject),
            None => Err(NoPlan::Unknown { what: "which access key it is about".to_owned(), ask: ASK_LOGS }),
        }
    }

    /// The keys that a finding's records made or switched on, of one user. A key that a record was
    /// signed with is not among them.
    pub(super) fn keys_of_records(&self, finding: &Finding, user: &str) -> BTreeSet<String> {
        let deeds = self.deeds(finding, &[Field::Keys]).unwrap_or_default().into_iter();
        let keys = deeds.filter_map(|Deed { change, touched }| {
            let (Thing::Identity(Kind::User, id), Some(key)) = (&touched.subject, &touched.item)
            else {
                return None;
            };
            let status = |model: &Model| match model.identity(id)?.keys.get(key) {
                Presence::Present(status) => status.value().copied(),
                Presence::Absent | Presence::Unknown(_) => None,
            };
            let owner = change.after.identity(id)?;
            let is_of = owner.name.eq_ignore_ascii_case(user);
            let is_on = status(&change.after) == Some(KeyStatus::Active);
            let was_on = status(&change.informed) == Some(KeyStatus::Active);
            (is_of && is_on && !was_on).then(|| key.to_string())
        });
        keys.collect()
    }

    /// Whether the logs show that a key was switched off after the finding, and nothing that it is on again:
    /// so much is known also where nobody knows which other keys there are.
    pub(super) fn is_off_since(&self, finding: &Finding, key: &str) -> bool {
        let off = self.history.and_then(|it| it.switched_off(key));
        let is_off = |user: &Identity| match user.keys.get(&key.into()) {
            Presence::Present(status) => status.value() == Some(&KeyStatus::Inactive),
            Presence::Absent | Presence::Unknown(_) => false,
        } && !self.is_used_since(user, key);
        off.is_some_and(|off| off >= finding.last_time)
            && self.model().is_ok_and(|model| model.of_kind(Kind::User).any(is_off))
    }

    /// Counts the keys as active that signed calls after they were told to be off.
    pub(super) fn wake<'s>(&self, subject: &'s mut Subject) -> &'s Subject {
        let arn = subject.principal.as_ref().map(|one| one.arn.as_str()).unwrap_or_default();
        let Some(user) = self.model().ok().and_then(|model| model.find_arn(arn)) else {
            return subject;
        };
        for (id, key) in subject.keys.iter_mut().flatten() {
            key.is_active |= self.is_used_since(user, id);
        }
        subject
    }

    /// Whether a key signed a call after it was told to be off: somebody had it on again where no log shows it.
    fn is_used_since(&self, user: &Identity, key: &str) -> bool {
        let used = self.history.and_then(|it| it.used_though_off(key));
        let told = match user.keys.get(&key.into()) {
            Presence::Present(status) => status.proof().and_then(Proof::time),
            Presence::Absent | Presence::Unknown(_) => None,
        };
        used.zip(told).is_some_and(|(used, told)| used > told.plus(SPREADS))
    }

    /// Says how a credential that is no access key is taken away again.
    pub(super) fn other_credential(&self, finding: &Finding) -> Result<(), NoPlan> {
        let mut calls = finding.evidence.iter().map(|one| one.event_name.as_str());
        // Where access keys are among what was made or switched on, they have steps, and the others are told.
        match calls.clone().any(is_of_other_credential) && !calls.any(|it| OF_ACCESS_KEYS.contains(&it)) {
            true => Err(NoPlan::Person(
                "it is no access key but an SSH key, a signing certificate or a credential for one service: IAM > Users > the user > Security credentials lists them; deactivate the one of the record there, ask the user, and delete it when nobody misses it"
                    .to_owned(),
            )),
            false => Ok(()),
        }
    }

    /// The key that was made then, when there is exactly one.
    fn made_at(
        &self,
        finding: &Finding,
        user: &str,
        times: &[Timestamp],
    ) -> Result<String, NoPlan> {
        let is_then =
            |made: Timestamp| times.iter().any(|time| made.since(*time).abs() <= APART_MAX);
        let listed = self.listed(user)?;
        let mut then = listed.iter().filter(|(_, made)| made.is_some_and(is_then));
        match (then.next(), then.next()) {
            (Some((key, _)), None) => Ok((*key).to_owned()),
            (None, _) if self.is_after(finding) => {
                Err(NoPlan::Already(format!("`user/{user}` has no key of that time any more")))
            }
            (None, _) => {
                Err(NoPlan::Unknown { what: "which key was made".to_owned(), ask: ASK_KEYS })
            }
            _ => Err(NoPlan::Unknown {
                what: "which of several new keys it is about".to_owned(),
                ask: ASK_LOGS,
            }),
        }
    }

    /// The key of `access key 1` or `access key 2` of the credential report.
    fn key_of_slot(&self, finding: &Finding, user: &str) -> Result<String, NoPlan> {
        let listed = self.listed(user)?;
        if let [(only, _)] = listed.as_slice() {
            return Ok((*only).to_owned());
        }
        let label = finding.target.id.as_deref().and_then(|id| id.rsplit('/').next());
        let label = label.unwrap_or("the access key");
        let slot = label.rsplit(' ').next().unwrap_or_default();
        let rotated = self.rotated(user, slot);
        let mut then = listed.iter().filter(|(_, made)| made.is_some() && *made == rotated);
        match (then.next(), then.next()) {
            (Some((key, _)), None) => Ok((*key).to_owned()),
            _ => Err(NoPlan::Unknown {
                what: format!(
                    "which of the keys of `user/{user}` the credential report calls {label}"
                ),
                ask: "look at their dates in IAM > Users > the user > Security credentials, and deactivate it there",
            }),
        }
    }

    /// The user's keys, and when each was made.
    pub(super) fn listed(&self, user: &str) -> Result<Vec<(&str, Option<Timestamp>)>, NoPlan> {
        let answer = self.snapshot.about("iam:ListAccessKeys", "UserName", user);
        let keys = answer.and_then(|answer| answer.body()?.get("AccessKeyMetadata")?.as_array());
        let unknown =
            || NoPlan::Unknown { what: format!("which keys `user/{user}` has"), ask: ASK_KEYS };
        let keys = keys.ok_or_else(unknown)?;
        let each = keys.iter().filter_map(|key| {
            let made = key.get("CreateDate").and_then(Value::as_str);
            Some((key.get("AccessKeyId")?.as_str()?, made.and_then(Timestamp::parse)))
        });
        Ok(each.collect())
    }

    /// When the report says that the key in a slot was made.
    fn rotated(&self, user: &str, slot: &str) -> Option<Timestamp> {
        let keys = &self.credentials(user)?.keys;
        keys.iter().find(|key| key.slot.to_string() == slot)?.rotated
    }

    /// When the user's keys were made and last used.
    pub(super) fn fill_dates(&self, subject: &mut Subject) -> Result<(), NoPlan> {
        let user = subject.user()?.to_owned();
        let made = self.listed(&user)?;
        for (id, key) in subject.keys.iter_mut().flatten() {
            let created = made.iter().find(|(listed, _)| listed == id);
            key.created = created.and_then(|(_, created)| *created);
            key.last_used = match key_last_used(*self, &user, id) {
                LastUsed::At { time, .. } => State::Is(time),
                LastUsed::Never => State::Absent,
                LastUsed::Unknown => State::Unknown,
            };
        }
        Ok(())
    }

    /// One subject for each inactive key.
    pub(super) fn inactive_keys(&self, subject: Subject) -> Result<Vec<Subject>, NoPlan> {
        let user = subject.user()?;
        let keys = subject.keys.as_ref().ok_or_else(|| NoPlan::Unknown {
            what: format!("which keys `user/{user}` has"),
            ask: ASK_KEYS,
        })?;
        let inactive: Vec<(&String, &Key)> =
            keys.iter().filter(|(_, key)| !key.is_active).collect();
        if inactive.is_empty() {
            return Err(NoPlan::Already(format!("`user/{user}` has no inactive key")));
        }
        if let Some((key, _)) = inactive.iter().find(|(_, key)| key.inactive_since.is_none()) {
            let what = format!("since when the key `{key}` is inactive");
            return Err(NoPlan::Unknown { what, ask: ASK_DEACTIVATION });
        }
        let with = |key: &String| Subject { access_key: Some(key.clone()), ..subject.clone() };
        Ok(inactive.into_iter().map(|(key, _)| with(key)).collect())
    }
}

/// The user's only active key: AWS's quarantine names the user, and not the key that leaked.
fn only_active(subject: &Subject) -> Result<String, NoPlan> {
    let keys = subject.keys.iter().flatten().filter(|(_, key)| key.is_active);
    let keys: Vec<&String> = keys.map(|(id, _)| id).collect();
    match (&subject.keys, keys.as_slice()) {
        (Some(_), [only]) => Ok((*only).clone()),
        (Some(_), []) => Err(NoPlan::Already("the user has no active key".to_owned())),
        _ => Err(NoPlan::Unknown {
            what: "which of the user's keys leaked".to_owned(),
            ask: "AWS names it in its message to the owner of the account, and in AWS Health (AWS_RISK_CREDENTIALS_EXPOSED): deactivate that one",
        }),
    }
}

const QUARANTINED: &str = "key-quarantined-by-aws";

const ASK_DEACTIVATION: &str = "give the logs that hold its deactivation (UpdateAccessKey) with --logs PATH, or a folder with --state DIR: then it counts from the first time on that it is seen inactive";

const TWO_KEYS: &str = "two-active-access-keys";
