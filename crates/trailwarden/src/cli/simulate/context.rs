//! The condition keys of a request: those that are given, those that follow from the principal,
//! and those that every request has.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use trailwarden_policy::cases::{Scalar, Values};
use trailwarden_policy::evaluate::Caller;
use trailwarden_policy::facts::{Presence, global_keys};

/// What is known of the keys.
pub(super) struct Keys {
    /// Given, or following from the principal.
    pub(super) known: BTreeMap<String, Values>,
    /// Of these, those that follow.
    pub(super) derived: Vec<&'static str>,
    /// In every such request, but with a value that was not given.
    pub(super) unknown: Vec<String>,
}

impl Keys {
    /// Reads `KEY=VALUE` texts and adds what is certain.
    pub(super) fn of(given: &[String], caller: &Caller<'_>) -> anyhow::Result<Self> {
        let mut known: BTreeMap<String, Values> = BTreeMap::new();
        for text in given {
            let (key, value) = text.split_once('=').with_context(|| {
                format!("`{text}` is no condition key with a value; write it as KEY=VALUE")
            })?;
            let key = key.trim();
            if !key.contains(':') {
                bail!("`{key}` is no condition key; write it as aws:SourceIp or s3:prefix");
            }
            let value = Scalar::Text(value.to_owned());
            let same = known.keys().find(|known| known.eq_ignore_ascii_case(key)).cloned();
            match same {
                None => {
                    known.insert(key.to_owned(), Values::One(value));
                }
                Some(same) => {
                    if let Some(values) = known.get_mut(&same) {
                        add(values, value);
                    }
                }
            }
        }
        let mut derived = Vec::new();
        for (key, value) in of_caller(caller) {
            if !has(&known, key) {
                known.insert(key.to_owned(), Values::One(Scalar::Text(value)));
                derived.push(key);
            }
        }
        let is_signed = !matches!(caller, Caller::Anonymous);
        let unknown = global_keys()
            .filter(|key| match key.presence {
                Presence::Always => true,
                Presence::Signed => is_signed,
                Presence::Sometimes => false,
            })
            .map(|key| key.name.to_owned())
            .filter(|key| !has(&known, key))
            .collect();
        Ok(Self { known, derived, unknown })
    }
}

fn has(known: &BTreeMap<String, Values>, key: &str) -> bool {
    known.keys().any(|known| known.eq_ignore_ascii_case(key))
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

/// The keys whose values the principal tells. The role behind a session has a path that the session
/// does not show, so its ARN is not among them.
///
/// Source: IAM User Guide, "AWS global condition context keys", properties of the principal.
fn of_caller(caller: &Caller<'_>) -> Vec<(&'static str, String)> {
    let mut keys = Vec::new();
    if let Some(account) = caller.account() {
        keys.push(("aws:PrincipalAccount", account.to_owned()));
        keys.push(("aws:PrincipalIsAWSService", "false".to_owned()));
    }
    let principal_type = match caller {
        Caller::Root(_) => "Account",
        Caller::User(user) => {
            keys.push(("aws:PrincipalArn", user.arn.to_owned()));
            keys.push(("aws:username", user.name.to_owned()));
            "User"
        }
        Caller::Role(role) => {
            keys.push(("aws:PrincipalArn", role.arn.to_owned()));
            "AssumedRole"
        }
        Caller::Session { .. } => "AssumedRole",
        Caller::FederatedUser(_) => "FederatedUser",
        Caller::Anonymous => "Anonymous",
        Caller::Service(name) => {
            keys.push(("aws:PrincipalIsAWSService", "true".to_owned()));
            keys.push(("aws:PrincipalServiceName", (*name).to_owned()));
            return keys;
        }
        Caller::Provider(_) => return keys,
    };
    keys.push(("aws:PrincipalType", principal_type.to_owned()));
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(given: &[&str], principal: &str) -> anyhow::Result<Keys> {
        let given: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
        Keys::of(&given, &Caller::parse(principal)?)
    }

    #[test]
    fn a_key_given_twice_has_both_values() {
        let keys = keys(&["aws:TagKeys=a", "AWS:tagkeys=b=c"], "anonymous").unwrap();
        let Some(Values::Many(values)) = keys.known.get("aws:TagKeys") else {
            panic!("{:?}", keys.known);
        };
        assert_eq!(values.len(), 2);
        assert!(matches!(&values[1], Scalar::Text(text) if text == "b=c"));
    }

    #[test]
    fn what_is_given_counts_before_what_follows() {
        let alice = "arn:aws:iam::111122223333:user/dev/alice";
        let known = keys(&[], alice).unwrap();
        assert!(known.derived.contains(&"aws:username"));
        assert!(known.unknown.iter().any(|key| key == "aws:CurrentTime"));
        let known = keys(&["aws:UserName=bob"], alice).unwrap();
        assert!(!known.derived.contains(&"aws:username"));
        // The path of the role behind a session is not known.
        let session = keys(&[], "arn:aws:sts::111122223333:assumed-role/dev/x").unwrap();
        assert!(session.unknown.iter().any(|key| key == "aws:PrincipalArn"));
    }

    #[test]
    fn what_is_no_key_is_an_error() {
        for wrong in ["aws:SourceIp", "SourceIp=1.2.3.4"] {
            assert!(keys(&[wrong], "anonymous").is_err(), "{wrong}");
        }
    }
}
