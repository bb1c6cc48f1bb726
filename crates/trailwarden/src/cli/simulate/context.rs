//! The condition keys of a request: those that are given, those that follow from the principal and
//! the resource, and those that nobody gave although AWS may send them.

mod follows;
mod open;
mod session_role;
mod types;

use std::collections::{BTreeMap, HashSet};

use anyhow::{Context, bail};
use trailwarden_policy::cases::{Scalar, Values};
use trailwarden_policy::document::Document;
use trailwarden_policy::evaluate::Caller;
use trailwarden_policy::facts::{Action, Presence, global_keys};

/// What is known of the keys.
pub(super) struct Keys {
    /// Given, or following from the rest of the request.
    pub(super) known: BTreeMap<String, Values>,
    /// Of these, those that follow.
    pub(super) derived: Vec<&'static str>,
    /// Perhaps in the request, with a value that was not given.
    pub(super) unknown: Vec<String>,
}

/// What is known of the request beside its keys.
pub(super) struct Scene<'a> {
    pub(super) caller: Caller<'a>,
    /// As written.
    pub(super) action: &'a str,
    /// The action in the table, if it is there.
    pub(super) known_action: Option<&'a Action>,
    pub(super) resource: &'a str,
    /// The account that owns the resource, if that is known.
    pub(super) owner: Option<&'a str>,
    /// The request passes a VPC endpoint.
    pub(super) passes_endpoint: bool,
    /// All policies.
    pub(super) documents: Vec<&'a Document>,
}

impl Keys {
    /// Reads `KEY=VALUE` texts and names of absent keys, and adds what is certain.
    pub(super) fn of(
        given: &[String],
        absent: &[String],
        scene: &Scene<'_>,
    ) -> anyhow::Result<Self> {
        let mut known = read(given)?;
        let mut names: HashSet<String> = known.keys().map(|key| key.to_ascii_lowercase()).collect();
        for key in absent {
            let key = named(key)?;
            if !names.insert(key.to_ascii_lowercase()) {
                bail!("`{key}` is given as absent and with a value; drop one of the two");
            }
            known.insert(key.to_owned(), Values::Many(Vec::new()));
        }
        for (key, values) in &known {
            types::check(key, values)?;
        }
        let mut derived = Vec::new();
        for (key, value) in follows::keys(scene) {
            if names.insert(key.to_ascii_lowercase()) {
                let value = value.map(|value| Values::One(Scalar::Text(value)));
                known.insert(key.to_owned(), value.unwrap_or_else(|| Values::Many(Vec::new())));
                derived.push(key);
            }
        }
        let is_signed = !matches!(scene.caller, Caller::Anonymous);
        let global = global_keys().filter(|key| match key.presence {
            Presence::Always => true,
            Presence::Signed => is_signed,
            Presence::Sometimes => false,
        });
        let mut unknown: Vec<String> = global.map(|key| key.name.to_owned()).collect();
        unknown.extend(asked(scene).into_iter().filter(|key| open::may_be_there(key, scene)));
        unknown.sort_by_key(|key| key.to_ascii_lowercase());
        unknown.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        unknown.retain(|key| !names.contains(&key.to_ascii_lowercase()));
        Ok(Self { known, derived, unknown })
    }
}

/// Reads `KEY=VALUE` texts, each value of its key's type.
pub(in crate::cli) fn given(texts: &[String]) -> anyhow::Result<BTreeMap<String, Values>> {
    let known = read(texts)?;
    for (key, values) in &known {
        types::check(key, values)?;
    }
    Ok(known)
}

fn read(given: &[String]) -> anyhow::Result<BTreeMap<String, Values>> {
    let mut known: BTreeMap<String, Values> = BTreeMap::new();
    for text in given {
        let (key, value) = text.split_once('=').with_context(|| {
            format!(
                "`{text}` is no condition key with a value; write it as KEY=VALUE, or say \
                 --absent-context KEY"
            )
        })?;
        let key = named(key)?;
        let value = Scalar::Text(value.to_owned());
        let same = known.keys().find(|known| known.eq_ignore_ascii_case(key)).cloned();
        match same.and_then(|same| known.get_mut(&same)) {
            Some(values) => add(values, value),
            None => {
                known.insert(key.to_owned(), Values::One(value));
            }
        }
    }
    Ok(known)
}

fn named(key: &str) -> anyhow::Result<&str> {
    let key = key.trim();
    if !key.contains(':') {
        bail!("`{key}` is no condition key; write it as aws:SourceIp or s3:prefix");
    }
    Ok(key)
}

/// A key with several values is multivalued.
fn add(values: &mut Values, value: Scalar) {
    let mut all = match std::mem::replace(values, Values::Many(Vec::new())) {
        Values::One(one) => vec![one],
        Values::Many(many) => many,
    };
    all.push(value);
    *values = Values::Many(all);
}

/// The keys that the policies speak of, in conditions and as variables.
fn asked(scene: &Scene<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    for statement in scene.documents.iter().flat_map(|document| &document.statements) {
        let excluded = statement.not_resources.iter().flatten();
        for text in statement.resources.iter().chain(excluded) {
            variables(text, &mut keys);
        }
        for condition in &statement.conditions {
            keys.push(condition.key.clone());
            condition.values.iter().for_each(|value| variables(value, &mut keys));
        }
    }
    keys
}

/// The keys of `${key}` and `${key, 'default'}`.
fn variables(text: &str, keys: &mut Vec<String>) {
    for inner in text.split("${").skip(1) {
        let key = inner.split(['}', ',']).next().unwrap_or_default().trim();
        if key.contains(':') {
            keys.push(key.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
