//! Changes that belong together, and the permit for them.

use std::collections::{BTreeMap, BTreeSet};

use super::permit::{Bound, Covered, Permit};
use super::{Doer, Entry, On, entry, left, place};
use crate::{Asked, KnownEffect, schema};

/// More addresses than these are no property of whoever calls.
const SOURCES_MAX: usize = 3;
/// What suggestions are made for, each with its type in the schema: what IAM knows by name.
const KINDS: [(&str, &str); 6] = [
    ("role", "Role"),
    ("user", "User"),
    ("group", "Group"),
    ("policy", "Policy"),
    ("instance_profile", "InstanceProfile"),
    ("identity_provider", "IdentityProvider"),
];

/// The type of a kind in the schema.
pub(super) fn entity(kind: &str) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == kind).map(|(_, entity)| *entity)
}

/// What changes of one permit share. Of a pipeline, the tokens that it shows may differ.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Key {
    doer: Doer,
    way: Way,
    via: Option<String>,
    person: bool,
    kind: String,
}

/// How the doer was entered.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Way {
    Provider(String),
    Exactly(Entry),
}

impl Key {
    /// The group of a change; `None` where it cannot be told.
    pub(super) fn of(asked: &Asked) -> Option<Self> {
        let way = match entry::entry(asked)? {
            Entry::Pipeline { provider, .. } => Way::Provider(provider),
            entry => Way::Exactly(entry),
        };
        let via = asked.via.clone();
        let call = schema::catalogue().ok()?.calls.get(&asked.action)?;
        let kind = asked.target.kind.clone()?;
        let is_of_call = entity(&kind).is_some_and(|entity| call.resource.to_string() == entity);
        let is_plain = is_of_call && via.as_ref().is_none_or(|via| entry::is_plain(via));
        let doer = entry::doer(asked)?;
        is_plain.then(|| Self { doer, way, via, person: left::is_person(asked), kind })
    }
}

/// The permits for the changes of one group, which may all be proposed for.
pub(super) fn permits(key: &Key, changes: &[&Asked], least: usize, found: &mut Vec<Permit>) {
    let changes = often(changes, least, entry::entry);
    for (place, members) in place::parted(&changes, least) {
        let members = often(&members, least, |change| Some(change.action.clone()));
        let effects: Vec<&KnownEffect> =
            members.iter().filter_map(|change| left::effect(change)).collect();
        if effects.is_empty() {
            continue;
        }
        let actions = members.iter().map(|change| change.action.clone()).collect();
        let entries: BTreeSet<Entry> =
            members.iter().filter_map(|change| entry::entry(change)).collect();
        found.push(Permit {
            id: String::new(),
            doer: key.doer.clone(),
            sources: entries.contains(&Entry::Unknown).then(|| sources(&members)).flatten(),
            entries,
            via: key.via.clone(),
            is_of_person: key.person,
            actions,
            on: On { kind: key.kind.clone(), place },
            bound: Bound::of(&effects),
            seen: Covered::default(),
        });
    }
}

/// The changes of which something was seen so often.
fn often<'a, K: Ord>(
    changes: &[&'a Asked],
    least: usize,
    what: impl Fn(&Asked) -> Option<K>,
) -> Vec<&'a Asked> {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for what in changes.iter().filter_map(|change| what(change)) {
        *counts.entry(what).or_default() += 1;
    }
    let is_often =
        |change: &&&Asked| what(change).and_then(|what| counts.get(&what).copied()) >= Some(least);
    changes.iter().filter(is_often).copied().collect()
}

/// The addresses, when they are few and all known.
fn sources(changes: &[&Asked]) -> Option<BTreeSet<String>> {
    let all: Option<BTreeSet<String>> = changes
        .iter()
        .map(|change| change.source.clone().filter(|source| entry::is_plain(source)))
        .collect();
    all.filter(|all| all.len() <= SOURCES_MAX)
}
