//! A user, group or role as a subject of remedies.

use std::collections::BTreeMap;

use trailwarden_account::fact::Fact;
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Id, Identity, Kind, Model, PolicyText};
use trailwarden_remedy::subject::{Key, Known as State, Principal};
use trailwarden_remedy::{NoPlan, Subject};

use super::{History, Known};

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
        let arn = identity.arn(&subject.partition, subject.account);
        let arn = arn.ok_or_else(|| NoPlan::unknown(format!("the path of `{}`", identity.name)))?;
        subject.principal = Principal::of(&arn);
        subject.keys = keys(identity, self.history);
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
}

/// The user's keys, when all are known.
fn keys(identity: &Identity, history: Option<&History>) -> Option<BTreeMap<String, Key>> {
    let reported = identity.reported.value();
    if reported.is_some_and(|row| row.keys_active.is_empty()) && identity.keys.is_empty() {
        return Some(BTreeMap::new());
    }
    if !identity.keys.is_complete() {
        return None;
    }
    let all = identity.keys.iter().map(|(id, status)| {
        let is_active = *status.value()? == KeyStatus::Active;
        let inactive_since = history.filter(|_| !is_active).and_then(|it| it.switched_off(id));
        Some((id.to_string(), Key { is_active, inactive_since, ..Key::default() }))
    });
    all.collect()
}

/// The texts of all policies, when all are known.
fn whole<'i>(
    is_complete: bool,
    items: impl Iterator<Item = (&'i std::sync::Arc<str>, &'i Fact<PolicyText>)>,
) -> Option<BTreeMap<String, String>> {
    let text = |text: &Fact<PolicyText>| Some(text.value()?.as_str().to_owned());
    let mut all = items.map(|(name, policy)| Some((name.to_string(), text(policy)?)));
    is_complete.then(|| all.by_ref().collect()).flatten()
}
