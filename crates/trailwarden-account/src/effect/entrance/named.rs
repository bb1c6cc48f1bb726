//! Whom a trust policy lets in and what it asks of him, in plain words.
//!
//! What says who it is becomes part of the name (`principals of organization o-abc`, ``workflows of
//! repository `me/app` ``); the other conditions stand behind "if".

use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::Condition;
use trailwarden_policy::trust::{Grant, Who, is_conditioned, known_issuer};

use super::Entrant;
use crate::effect::words::{outside, people};
use crate::trust::{asked, is_audience, is_claim, place, tells_who};

/// Whom a grant lets in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// Who, such as `account 444455556666`.
    pub(super) noun: String,
    /// What is asked besides, each as it stands after "if".
    pub(super) asked: Vec<String>,
}

/// Workloads and people by the issuer of their tokens, whose name begins so.
const BEARERS: [(&str, &str); 12] = [
    (GITHUB, "GitHub workflows"),
    ("gitlab.com", "GitLab jobs"),
    ("app.terraform.io", "HCP Terraform runs"),
    ("agent.buildkite.com", "Buildkite jobs"),
    ("oidc.circleci.com/", "CircleCI jobs"),
    ("vstoken.dev.azure.com/", "Azure DevOps pipelines"),
    ("api.bitbucket.org/", "Bitbucket pipelines"),
    (EKS, "workloads of an EKS cluster"),
    ("cognito-identity", "users of Amazon Cognito"),
    ("accounts.google.com", "Google accounts"),
    ("www.amazon.com", "Amazon customers"),
    ("graph.facebook.com", "Facebook users"),
];

/// Everybody, and everybody but some; no name of a principal holds a space.
const ANYONE: &str = "anyone";
const ANYONE_BUT: &str = "anyone but ";

const EKS: &str = "oidc.eks.";
const GITHUB: &str = "token.actions.githubusercontent.com";

/// Whoever comes with what a provider vouches for; `name` is that of a SAML provider, or the issuer.
pub(in crate::effect) fn vouched_by(name: &str, is_saml: bool) -> String {
    let known = || BEARERS.iter().find(|(issuer, _)| name.starts_with(issuer));
    match (is_saml, known()) {
        // Whoever makes a provider may name it so.
        (true, _) if is_like_identity_center(name) => {
            format!("people of {name} (named like that of IAM Identity Center)")
        }
        (true, _) => format!("people of {name}"),
        (false, Some((_, bearers))) => (*bearers).to_owned(),
        (false, None) => format!("bearers of tokens of {name}"),
    }
}

/// Whether a SAML provider is named like the one that IAM Identity Center makes for itself.
///
/// Source: IAM Identity Center User Guide, "Understanding service-linked roles in IAM Identity Center".
fn is_like_identity_center(name: &str) -> bool {
    name.starts_with("AWSSSO_") && name.ends_with("_DO_NOT_DELETE")
}

/// Everybody whom a grant lets in, for whoever looks from `home`. What nearly every trust asks for, or
/// leaves nobody out, is told only in full.
pub(super) fn named(who: &Entrant, grant: &Grant, home: AccountId, in_full: bool) -> Named {
    let (noun, said) = match (who, &grant.who) {
        (Entrant::Anyone, _) => anyone(grant, home),
        (Entrant::Federated(_), Who::Oidc(_)) => bearers(grant),
        (who, _) => (who.seen_from(home), None),
    };
    let is_told = |one: &&Condition| {
        Some(*one) != said && (in_full || !is_audience(grant, one) && !is_vain(grant, one))
    };
    let others = grant.conditions.iter().filter(is_told);
    Named { noun, asked: others.map(|one| asked(one, grant)).collect() }
}

impl Named {
    /// Whether it leaves out nobody but some who are named.
    pub(super) fn is_everybody(&self) -> bool {
        self.noun == ANYONE || self.noun.starts_with(ANYONE_BUT)
    }

    /// Such as `account 444455556666 if it gives the external id`.
    pub(super) fn in_words(&self) -> String {
        format!("{}{}", self.noun, condition(&self.asked))
    }
}

/// ` if this and that`; empty without conditions.
pub(super) fn condition(asked: &[String]) -> String {
    const ASKED_MAX: usize = 2;
    let shown = asked.get(..ASKED_MAX.min(asked.len())).unwrap_or_default().join(" and ");
    match asked.len().saturating_sub(ASKED_MAX) {
        _ if asked.is_empty() => String::new(),
        0 => format!(" if {shown}"),
        1 => format!(" if {shown} and one more condition holds"),
        more => format!(" if {shown} and {more} more conditions hold"),
    }
}

/// A name, and the condition that is part of it.
type Said<'g> = (String, Option<&'g Condition>);

fn anyone(grant: &Grant, home: AccountId) -> Said<'_> {
    // Whoever is named himself is told so first.
    for (key, one, many) in [
        ("aws:principalarn", "", ""),
        ("aws:principalorgid", "principals of organization ", "principals of organizations "),
        ("aws:principalorgpaths", "principals of ", "principals of "),
        ("aws:principalaccount", "principals of account ", "principals of accounts "),
    ] {
        let mut conditions = grant.conditions.iter();
        let found = conditions.find(|condition| {
            condition.key.eq_ignore_ascii_case(key) && tells_who(condition, grant)
        });
        let Some(condition) = found else { continue };
        let are_names = !condition.parsed_operator().has_wildcards()
            || condition.values.iter().all(|value| !value.contains(['*', '?']));
        let values: Vec<String> = match (key, are_names) {
            ("aws:principalarn", true) => {
                let name = |arn: &String| match Arn::parse(arn).and_then(|arn| arn.account_id()) {
                    Some(own) if own == home => {
                        Entrant::Named(Some(own), arn.clone()).seen_from(home)
                    }
                    _ => outside(arn).unwrap_or_else(|| arn.clone()),
                };
                condition.values.iter().map(name).collect()
            }
            ("aws:principalarn", false) => {
                condition.values.iter().map(|arn| format!("principals like `{arn}`")).collect()
            }
            ("aws:principalorgpaths", _) => condition.values.iter().map(|one| place(one)).collect(),
            (_, true) => condition.values.clone(),
            (_, false) => condition.values.iter().map(|value| format!("`{value}`")).collect(),
        };
        let start = if values.len() == 1 { one } else { many };
        return (format!("{start}{}{}", people(values), but(grant, home)), Some(condition));
    }
    (format!("{ANYONE}{}", but(grant, home)), None)
}

/// ` but bob`, of whom a grant leaves out.
fn but(grant: &Grant, home: AccountId) -> String {
    match grant.but.is_empty() {
        true => String::new(),
        false => format!(" but {}", people(names(grant.but.iter(), home))),
    }
}

/// Some whom a policy names, for whoever looks from `home`.
pub(super) fn names<'w>(all: impl Iterator<Item = &'w Who>, home: AccountId) -> Vec<String> {
    let name = |who: &Who| match (Entrant::as_written(who), who) {
        (Some(who), _) => Some(who.seen_from(home)),
        (None, Who::UniqueId(id)) => Some(id.clone()),
        (None, _) => None,
    };
    all.filter_map(name).collect()
}

/// Workloads by what their tokens say of them.
fn bearers(grant: &Grant) -> Said<'_> {
    let issuer = grant.who.issuer().unwrap_or_default();
    let bearers = vouched_by(issuer, false);
    if issuer.eq_ignore_ascii_case(GITHUB) {
        for claim in ["sub", "repository"] {
            let mut conditions = grant.conditions.iter();
            let found = conditions.find(|condition| {
                is_claim(condition, issuer, claim) && tells_who(condition, grant)
            });
            let Some(condition) = found else { continue };
            let places: Option<Vec<String>> =
                condition.values.iter().map(|value| repository(value, claim == "sub")).collect();
            if let Some(places) = places {
                return (format!("workflows of {}", people(places)), Some(condition));
            }
        }
    }
    if issuer.to_ascii_lowercase().starts_with(EKS) {
        let mut conditions = grant.conditions.iter();
        let found = conditions
            .find(|condition| is_claim(condition, issuer, "sub") && tells_who(condition, grant));
        if let Some(condition) = found {
            let accounts: Option<Vec<String>> =
                condition.values.iter().map(|value| service_account(value)).collect();
            if let Some(accounts) = accounts {
                return (format!("{} of an EKS cluster", people(accounts)), Some(condition));
            }
        }
    }
    let is_open = known_issuer(issuer).is_some_and(|issuer| issuer.is_shared);
    match is_open && !is_conditioned(grant) {
        true => (format!("any {bearers}"), None),
        false => (bearers, None),
    }
}

/// ``repository `me/app` on `refs/heads/main` `` for a subject of GitHub: `repo:me/app:ref:refs/heads/main`.
///
/// Source: GitHub Docs, "OpenID Connect reference", example subject claims.
fn repository(value: &str, is_subject: bool) -> Option<String> {
    let (name, place) = match is_subject {
        true => {
            let rest = value.strip_prefix("repo:")?;
            rest.split_once(':').unwrap_or((rest, "*"))
        }
        false => (value, "*"),
    };
    let place = match place.split_once(':') {
        _ if place == "*" => String::new(),
        Some(("ref", name)) => format!(" on `{name}`"),
        Some(("environment", name)) => format!(" in environment `{name}`"),
        _ if place == "pull_request" => " for pull requests".to_owned(),
        _ => format!(" for `{place}`"),
    };
    let noun = if name.contains(['*', '?']) { "repositories" } else { "repository" };
    Some(format!("{noun} `{name}`{place}"))
}

/// ``service account `web` in namespace `prod` `` for a subject of Kubernetes.
///
/// Source: Amazon EKS User Guide, "IAM roles for service accounts".
fn service_account(subject: &str) -> Option<String> {
    let (namespace, name) = subject.strip_prefix("system:serviceaccount:")?.split_once(':')?;
    Some(match name {
        "*" => format!("service accounts in namespace `{namespace}`"),
        _ => format!("service account `{name}` in namespace `{namespace}`"),
    })
}

/// Whether a condition should say whose tokens, and is a pattern that fits everybody's.
fn is_vain(grant: &Grant, condition: &Condition) -> bool {
    let Some(issuer) = grant.who.issuer() else { return false };
    let claims = known_issuer(issuer).map(|known| known.tenant_claims).unwrap_or_default();
    claims.iter().any(|claim| is_claim(condition, issuer, claim)) && !tells_who(condition, grant)
}
