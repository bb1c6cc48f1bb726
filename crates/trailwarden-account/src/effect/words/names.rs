//! Names in plain words.

use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::reach::Grade;

use crate::effect::Entrant;
use crate::effect::entrance::vouched_by;

impl Entrant {
    /// Its name in plain words, for whoever looks from that account.
    pub(in crate::effect) fn seen_from(&self, account: AccountId) -> String {
        match self {
            Self::Principal { account: own, label, .. } => of_account(plain(label), *own, account),
            Self::Named(Some(own), arn) => match named(arn) {
                Some(name) => of_account(name, *own, account),
                None => arn.clone(),
            },
            Self::Named(None, text) => text.clone(),
            Self::Account(own) => format!("account {own}"),
            Self::Service(name) => format!("service {name}"),
            Self::Federated(arn) => outside(arn).unwrap_or_else(|| vouched_by(arn, false)),
            Self::Anyone => "anyone".to_owned(),
        }
    }
}

fn of_account(name: String, own: AccountId, seen_from: AccountId) -> String {
    if own == seen_from { name } else { format!("{name} of account {own}") }
}

/// `role app` for the ARN of that role, `session deploy of role app` for that of a session.
fn named(arn: &str) -> Option<String> {
    let arn = Arn::parse(arn)?;
    let name = arn.name();
    if let Some(role) = arn.session_role() {
        return Some(format!("session {name} of role {role}"));
    }
    let is_known = ["user", "role", "group"].contains(&arn.kind()) && !name.is_empty();
    is_known.then(|| plain(&format!("{}/{name}", arn.kind())))
}

/// `bob` for `user/bob`, `role app` for `role/app`.
pub(in crate::effect) fn plain(label: &str) -> String {
    if let Some(name) = label.starts_with("arn:").then(|| outside(label)).flatten() {
        return name;
    }
    match label.split_once('/') {
        Some(("user", name)) => name.to_owned(),
        Some(("root", _)) => "root".to_owned(),
        Some((kind, name)) => format!("{kind} {name}"),
        None if label.len() == 12 && label.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("account {label}")
        }
        None => label.to_owned(),
    }
}

/// Whoever no model shows, by his ARN.
pub(in crate::effect) fn outside(text: &str) -> Option<String> {
    let arn = Arn::parse(text)?;
    match arn.kind() {
        "root" => Some(format!("account {}", arn.account)),
        "saml-provider" => Some(vouched_by(arn.name(), true)),
        "oidc-provider" => {
            arn.resource.split_once('/').map(|(_, issuer)| vouched_by(issuer, false))
        }
        _ => named(text).map(|name| format!("{name} of account {}", arn.account)),
    }
}

/// ` (admin)`; nothing for whoever may do nothing.
pub(in crate::effect) fn graded(grade: Option<Grade>) -> String {
    match grade {
        None | Some(Grade::None) => String::new(),
        Some(grade) => format!(" ({grade})"),
    }
}

/// ` (admin)`, or that it is unknown.
pub(in crate::effect) fn graded_or_unknown(grade: Option<Grade>) -> String {
    match grade {
        None => " (what it may do is unknown)".to_owned(),
        grade => graded(grade),
    }
}

/// `mallory and 2 others`.
pub(in crate::effect) fn people(mut names: Vec<String>) -> String {
    names.dedup();
    match names.as_slice() {
        [] => "somebody".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, rest @ ..] => format!("{one} and {} others", rest.len()),
    }
}
