//! What changed about an identity besides what it may do: keys, password, second factor, groups,
//! boundary, and who may enter it.

use std::sync::Arc;

use trailwarden_account::fact::{Fact, Proof};
use trailwarden_account::query::name_of;
use trailwarden_account::{Identity, Listing, Model};
use trailwarden_model::Timestamp;
use trailwarden_policy::trust::{Grant, Who, compare_trust, is_conditioned};

/// A sentence each, such as `access key AKIA... was made`.
pub(super) fn notes(
    before: Option<(&Model, &Identity)>,
    after: (&Model, &Identity),
    since: Timestamp,
) -> Vec<String> {
    let (model, identity) = after;
    let old = before.map(|(_, old)| old);
    let mut notes = Vec::new();
    if let Some(old) = old
        && old.name != identity.name
    {
        notes.push(format!("was renamed from {}", old.name));
    }
    keys(old, identity, since, &mut notes);
    let had_login = old.and_then(|old| old.login.value().map(Option::is_some));
    match (had_login, &identity.login) {
        (Some(true), Fact::Known { value: None, .. }) => {
            notes.push("console password was removed".to_owned());
        }
        (Some(true), _) => {}
        (_, Fact::Known { value: Some(_), proof }) if is_new(proof.time(), since) => {
            notes.push("console password was set".to_owned());
        }
        _ => {}
    }
    listing("MFA device", old.map(|old| &old.mfa), &identity.mfa, since, &mut notes, |serial| {
        serial.to_string()
    });
    let group = |id: &trailwarden_account::Id| {
        let known = model.identity(id).or_else(|| before.and_then(|(old, _)| old.identity(id)));
        known.map_or_else(|| id.to_string(), name_of)
    };
    listing(
        "membership in",
        old.map(|old| &old.groups),
        &identity.groups,
        since,
        &mut notes,
        group,
    );
    boundary(old, identity, since, &mut notes);
    notes
}

fn is_new(time: Option<Timestamp>, since: Timestamp) -> bool {
    time.is_some_and(|time| time > since)
}

fn keys(old: Option<&Identity>, new: &Identity, since: Timestamp, notes: &mut Vec<String>) {
    for (key, status) in new.keys.iter() {
        let was = old.and_then(|old| old.keys.iter().find(|(known, _)| *known == key));
        match (was, status) {
            (None, Fact::Known { proof, .. }) if is_new(proof.time(), since) => {
                // A key that signs a call is there, and may have been for long.
                let is_made = matches!(proof, Proof::Record(record)
                    if record.event_name == "CreateAccessKey");
                if is_made {
                    notes.push(format!("access key {key} was made"));
                } else if old.is_some() {
                    notes.push(format!("access key {key} was used for the first time"));
                }
            }
            (Some((_, Fact::Known { value: was, .. })), Fact::Known { value: is, .. })
                if was != is =>
            {
                notes.push(format!("access key {key} is {} now", format!("{is:?}").to_lowercase()));
            }
            _ => {}
        }
    }
    let gone = old.into_iter().flat_map(|old| old.keys.keys());
    for key in gone.filter(|key| !new.keys.keys().any(|known| known == *key)) {
        notes.push(format!("access key {key} was deleted"));
    }
}

fn listing<K: Ord + Clone>(
    what: &str,
    old: Option<&Listing<K, ()>>,
    new: &Listing<K, ()>,
    since: Timestamp,
    notes: &mut Vec<String>,
    name: impl Fn(&K) -> String,
) {
    for (key, fact) in new.iter() {
        let was = old.is_some_and(|old| old.keys().any(|known| known == key));
        if !was && is_new(fact.proof().and_then(|proof| proof.time()), since) {
            notes.push(format!("{what} {} was added", name(key)));
        }
    }
    for key in old.into_iter().flat_map(|old| old.keys()) {
        if !new.keys().any(|known| known == key) {
            notes.push(format!("{what} {} was taken off", name(key)));
        }
    }
}

fn boundary(old: Option<&Identity>, new: &Identity, since: Timestamp, notes: &mut Vec<String>) {
    let Fact::Known { value, proof } = &new.boundary else { return };
    let was: Option<&Option<Arc<str>>> = old.and_then(|old| old.boundary.value());
    if was == Some(value) || !is_new(proof.time(), since) {
        return;
    }
    match (value, was) {
        (Some(arn), _) => notes.push(format!("permissions boundary is {arn} now")),
        (None, Some(Some(arn))) => notes.push(format!("permissions boundary {arn} was removed")),
        // Whoever was just made never had one.
        (None, _) if old.is_some() => notes.push("permissions boundary was removed".to_owned()),
        (None, _) => {}
    }
}

/// Who may enter a role now and could not before, and the reverse.
pub(super) fn trust(old: Option<&Identity>, new: &Identity) -> (Vec<String>, Vec<String>) {
    let document =
        |identity: &Identity| identity.trust.value().and_then(|text| text.document().ok().cloned());
    let (before, after) = (old.and_then(document), document(new));
    match (&before, &after) {
        (Some(before), Some(after)) => (
            compare_trust(Some(before), after).iter().map(in_words).collect(),
            compare_trust(Some(after), before).iter().map(in_words).collect(),
        ),
        (None, Some(after)) if old.is_none() => {
            (compare_trust(None, after).iter().map(in_words).collect(), Vec::new())
        }
        _ => (Vec::new(), Vec::new()),
    }
}

fn in_words(grant: &Grant) -> String {
    let mark = match grant.conditions.is_empty() {
        true => "",
        false if is_conditioned(grant) => " (under conditions)",
        false => " (under conditions that hardly narrow)",
    };
    format!("{}{mark}", who(&grant.who))
}

/// Whom a trust policy names.
pub(super) fn who(who: &Who) -> String {
    match who {
        Who::Anyone => "anyone".to_owned(),
        Who::Account(account) => format!("account {account}"),
        Who::Principal { arn, .. } => arn.clone(),
        Who::UniqueId(id) => format!("{id}, which was deleted"),
        Who::Service(name)
        | Who::Saml(name)
        | Who::Oidc(name)
        | Who::Canonical(name)
        | Who::Other(name) => name.clone(),
    }
}
