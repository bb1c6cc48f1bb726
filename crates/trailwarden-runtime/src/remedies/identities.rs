//! A user, group or role as a subject of remedies.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailwarden_account::fact::Fact;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Id, Identity, Kind, Model, PolicyText};
use trailwarden_model::{Finding, Timestamp};
use trailwarden_remedy::documents::{parse, statements};
use trailwarden_remedy::plan::foreseen::LastUsed;
use trailwarden_remedy::subject::{Key, Known as State, Principal};
use trailwarden_remedy::{Draft, NoPlan, Subject};

use super::Known;
use crate::previews::key_last_used;
use crate::sightings::{By, Since};

impl Known<'_> {
    /// A user, group or role as it is now, of one that a record changed.
    pub(super) fn present(&self, kind: Kind, id: &Id, then: &Model) -> Result<&Identity, NoPlan> {
        let model = self.model()?;
        if let Some(identity) = model.identity(id) {
            return Ok(identity);
        }
        let name = then.identity(id).map(|identity| identity.name.to_string()).unwrap_or_default();
        let label = format!("{}/{name}", kind.as_str());
        match model.find(kind, &name) {
            Some(identity) if id.is_provisional() || identity.id.is_provisional() => Ok(identity),
            Some(_) => Err(NoPlan::Already(format!(
                "the `{label}` that was changed is gone, and another one has its name"
            ))),
            None => Err(NoPlan::Already(format!("`{label}` is gone"))),
        }
    }

    pub(super) fn fill_identity(
        &self,
        identity: &Identity,
        subject: &mut Subject,
    ) -> Result<(), NoPlan> {
        // By its path alone a role is known to be a service's own.
        if identity.name.starts_with("AWSServiceRoleFor") && !identity.path.is_known() {
            return Err(NoPlan::unknown(format!("the path of `{}`", identity.name)));
        }
        // Calls name it without its path: that matters for what is told alone.
        let arn = identity.arn(&subject.partition, subject.account).unwrap_or_else(|| {
            let (kind, name) = (identity.kind.as_str(), &identity.name);
            format!("arn:{}:iam::{}:{kind}/{name}", subject.partition, subject.account)
        });
        subject.principal = Principal::of(&arn);
        subject.keys = self.keys(identity);
        subject.login_profile = match (identity.login.value(), identity.reported.value()) {
            (Some(None), _) => State::Absent,
            (Some(Some(login)), _) => login.reset_required.map_or(State::Unknown, State::Is),
            (None, Some(row)) if row.password_enabled == Some(false) => State::Absent,
            (None, _) => State::Unknown,
        };
        subject.inline = whole(identity.inline.is_complete(), identity.inline.iter());
        let known = identity.inline.iter();
        let known = known
            .filter_map(|(name, text)| Some((name.to_string(), text.value()?.as_str().to_owned())));
        subject.inline_seen = known.collect();
        if identity.attached.is_complete() {
            subject.attached = Some(identity.attached.keys().map(|arn| arn.to_string()).collect());
        }
        subject.boundary = match identity.boundary.value() {
            Some(Some(arn)) => State::Is(arn.to_string()),
            Some(None) => State::Absent,
            None => State::Unknown,
        };
        if identity.kind == Kind::Role
            && let Some(text) = identity.trust.value()
        {
            subject.trust = State::Is(text.as_str().to_owned());
        }
        subject.may_change_password = self.may_change_password(identity, &subject.partition);
        Ok(())
    }

    /// Refuses to end sessions that a denial among the principal's own policies ended since: whoever came in later
    /// was let in, and is another finding's, unless it is one of those whom this one is about.
    pub(super) fn are_ended(&self, finding: &Finding, subject: &Subject) -> Result<(), NoPlan> {
        let times = subject.inline_seen.values().filter_map(|text| ended_before(text));
        match times.max().filter(|time| *time > finding.last_time && self.is_after(finding)) {
            Some(time) if !self.came_in_after(finding, time) => {
                Err(NoPlan::Already(format!("the sessions that began before {time} are ended")))
            }
            _ => Ok(()),
        }
    }

    /// The user's keys, when all are known.
    fn keys(&self, identity: &Identity) -> Option<BTreeMap<String, Key>> {
        let reported = identity.reported.value();
        if reported.is_some_and(|row| row.keys_active.is_empty()) && identity.keys.is_empty() {
            return Some(BTreeMap::new());
        }
        if !identity.keys.is_complete() {
            return None;
        }
        let all = identity.keys.iter().map(|(id, status)| {
            let is_active = *status.value()? == KeyStatus::Active;
            let since = self.inactive_since(id).filter(|_| !is_active);
            let inactive_since = since.map(|since| since.max(self.last_sign(&identity.name, id)));
            Some((id.to_string(), Key { is_active, inactive_since, ..Key::default() }))
        });
        all.collect()
    }

    /// The last sign that an inactive key worked, by the logs or by AWS: whoever used it had it on again, so no
    /// grace counts from before. The earliest time there is where nothing shows any.
    fn last_sign(&self, user: &str, key: &str) -> Timestamp {
        let logged = self.history.and_then(|it| it.used_though_off(key));
        let told = match key_last_used(*self, user, key) {
            LastUsed::At { time, .. } => Some(time),
            LastUsed::Never | LastUsed::Unknown => None,
        };
        logged.max(told).unwrap_or(Timestamp::from_seconds(0))
    }

    /// Since when an inactive key is so: by the logs, else by what our runs did or what we saw first.
    fn inactive_since(&self, key: &str) -> Option<Timestamp> {
        self.logged_since(key).or_else(|| Some(self.kept_since(key)?.time))
    }

    /// The same by the logs alone, unless the key was active after they show it switched off.
    fn logged_since(&self, key: &str) -> Option<Timestamp> {
        let off = self.history?.switched_off(key)?;
        let kept = self.inactive.and_then(|all| all.get(key));
        kept.is_none_or(|since| since.yields_to(off)).then_some(off)
    }

    /// The same by the state folder alone; nothing that is older than a use that the logs show.
    fn kept_since(&self, key: &str) -> Option<&Since> {
        let since = self.inactive?.get(key)?;
        let on = self.history.and_then(|it| it.switched_on(key));
        on.is_none_or(|on| on < since.time).then_some(since)
    }

    /// Says what the grace of a key counts from, where no log shows when it was switched off.
    pub(super) fn note_inactive(&self, subject: &Subject, draft: &mut Draft) {
        let Some(key) = subject.access_key.as_deref().filter(|key| {
            let keys = subject.keys.as_ref();
            keys.and_then(|keys| keys.get(*key)).is_some_and(|key| !key.is_active)
        }) else {
            return;
        };
        if self.logged_since(key).is_some() {
            return;
        }
        let Some(since) = self.kept_since(key) else { return };
        draft.note(match &since.by {
            By::Run(run) => format!("Run {run} of ours switched it off on {}.", since.time),
            By::FirstSeen => format!(
                "It was seen to be inactive on {} first; no log says when it was switched off.",
                since.time
            ),
        });
    }
}

/// The time before which a policy denies everything to sessions, as the console writes it, and as plans do.
///
/// Source: IAM User Guide, "Revoke IAM role temporary security credentials".
fn ended_before(text: &str) -> Option<Timestamp> {
    let document = parse(text)?;
    let is_all = |value: &Value| *value == json!("*") || *value == json!(["*"]);
    let times = statements(&document).into_iter().filter_map(|statement| {
        let members = statement.as_object()?;
        let denies = members.get("Effect")?.as_str()? == "Deny"
            && is_all(members.get("Action")?)
            && is_all(members.get("Resource")?)
            && members.keys().all(|name| STATEMENT.contains(&name.as_str()));
        let conditions = members.get("Condition")?.as_object().filter(|_| denies)?;
        let (Some(times), 1) = (conditions.get("DateLessThan"), conditions.len()) else {
            return None;
        };
        let (key, time) = times.as_object().filter(|all| all.len() == 1)?.iter().next()?;
        let time = time
            .as_array()
            .filter(|all| all.len() == 1)
            .and_then(|all| all.first())
            .unwrap_or(time);
        key.eq_ignore_ascii_case("aws:TokenIssueTime").then(|| Timestamp::parse(time.as_str()?))?
    });
    times.max()
}

const STATEMENT: [&str; 5] = ["Action", "Condition", "Effect", "Resource", "Sid"];

/// The texts of all policies, when all are known.
fn whole<'i>(
    is_complete: bool,
    items: impl Iterator<Item = (&'i std::sync::Arc<str>, &'i Fact<PolicyText>)>,
) -> Option<BTreeMap<String, String>> {
    let text = |text: &Fact<PolicyText>| Some(text.value()?.as_str().to_owned());
    let mut all = items.map(|(name, policy)| Some((name.to_string(), text(policy)?)));
    is_complete.then(|| all.by_ref().collect()).flatten()
}
