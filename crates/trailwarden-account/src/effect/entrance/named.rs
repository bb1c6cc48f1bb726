//! Whom a trust policy lets in and what it asks of him, in plain words.
//!
//! What says who it is becomes part of the name (`principals of organization o-abc`, ``workflows of
//! repository `me/app` ``); the other conditions stand behind "if".

use std::sync::Arc;

use trailwarden_model::AccountId;
use trailwarden_policy::Condition;
use trailwarden_policy::reach::Predicate;
use trailwarden_policy::trust::{Gained, Grant, Who, gained, is_conditioned, known_issuer};

use super::Entrant;
use crate::effect::words::{outside, people};
use crate::identity::Identity;
use crate::model::Model;
use crate::trust::{is_entry, without_deleted};

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
    ("oidc.eks.", "workloads of an EKS cluster"),
    ("cognito-identity", "users of Amazon Cognito"),
    ("accounts.google.com", "Google accounts"),
    ("www.amazon.com", "Amazon customers"),
    ("graph.facebook.com", "Facebook users"),
];

const GITHUB: &str = "token.actions.githubusercontent.com";

/// Whoever comes with what a provider vouches for; `name` is that of a SAML provider, or the issuer.
pub(in crate::effect) fn vouched_by(name: &str, is_saml: bool) -> String {
    let known = || BEARERS.iter().find(|(issuer, _)| name.starts_with(issuer));
    match (is_saml, known()) {
        (true, _) => format!("people of {name}"),
        (false, Some((_, bearers))) => (*bearers).to_owned(),
        (false, None) => format!("bearers of tokens of {name}"),
    }
}

/// Everybody whom a grant lets in, for whoever looks from `home`. What nearly every trust asks for, or
/// leaves nobody out, is told only in full.
pub(super) fn named(who: &Entrant, grant: &Grant, home: AccountId, in_full: bool) -> Named {
    let (noun, said) = match (who, &grant.who) {
        (Entrant::Anyone, _) => anyone(grant),
        (Entrant::Federated(_), Who::Oidc(_)) => bearers(grant),
        (who, _) => (who.seen_from(home), None),
    };
    let is_told = |one: &&Condition| {
        Some(*one) != said && (in_full || !is_audience(grant, one) && !is_vain(grant, one))
    };
    let others = grant.conditions.iter().filter(is_told);
    Named { noun, asked: others.map(|one| asked(one, grant)).collect() }
}

/// Whoever may enter a role from outside its account, such as `deploy of account 444455556666 if it
/// gives the external id`; services are not among them.
pub(in crate::effect) fn outsiders(model: &Model, role: &Identity) -> Vec<String> {
    let Some(document) = role.trust.value().and_then(|text| text.document().ok()) else {
        return Vec::new();
    };
    let home = model.account();
    let is_outside = |who: &Entrant| match who {
        Entrant::Service(_) => false,
        who => who.account() != Some(home),
    };
    let mut found: Vec<String> = Vec::new();
    for Gained { grant, .. } in gained(None, &without_deleted(document, model), Some(home)) {
        let who = Entrant::as_written(&grant.who).filter(is_outside).filter(|_| is_entry(&grant));
        let text = who.map(|who| named(&who, &grant, home, false).in_words());
        found.extend(text.filter(|text| !found.contains(text)));
    }
    found
}

impl Named {
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

/// Whether a condition alone tells who it is.
fn tells_who(condition: &Condition, grant: &Grant) -> bool {
    let alone = Grant { conditions: Arc::new([condition.clone()]), ..grant.clone() };
    condition.demands_a_match(&grant.conditions)
        && (is_conditioned(&alone) || condition.parsed_operator().for_all_values)
}

fn anyone(grant: &Grant) -> Said<'_> {
    for (key, one, many) in [
        ("aws:principalorgid", "principals of organization ", "principals of organizations "),
        ("aws:principalaccount", "principals of account ", "principals of accounts "),
        ("aws:principalarn", "", ""),
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
                let name = |arn: &String| outside(arn).unwrap_or_else(|| arn.clone());
                condition.values.iter().map(name).collect()
            }
            ("aws:principalarn", false) => {
                condition.values.iter().map(|arn| format!("principals like `{arn}`")).collect()
            }
            (_, true) => condition.values.clone(),
            (_, false) => condition.values.iter().map(|value| format!("`{value}`")).collect(),
        };
        let start = if values.len() == 1 { one } else { many };
        return (format!("{start}{}", people(values)), Some(condition));
    }
    ("anyone".to_owned(), None)
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

fn is_claim(condition: &Condition, issuer: &str, claim: &str) -> bool {
    condition.key.rsplit_once(':').is_some_and(|(of, name)| {
        of.eq_ignore_ascii_case(issuer) && name.eq_ignore_ascii_case(claim)
    })
}

/// Whether a condition says for whom a token was made, and so nothing about its bearer.
fn is_audience(grant: &Grant, condition: &Condition) -> bool {
    let claim = match grant.who.issuer() {
        Some(issuer) => is_claim(condition, issuer, "aud") && !is_pool(issuer),
        None => condition.key.eq_ignore_ascii_case("saml:aud"),
    };
    claim && condition.demands_a_match(&grant.conditions)
}

/// Whether a condition should say whose tokens, and is a pattern that fits everybody's.
fn is_vain(grant: &Grant, condition: &Condition) -> bool {
    let Some(issuer) = grant.who.issuer() else { return false };
    let claims = known_issuer(issuer).map(|known| known.tenant_claims).unwrap_or_default();
    claims.iter().any(|claim| is_claim(condition, issuer, claim)) && !tells_who(condition, grant)
}

/// Whether the audience of an issuer is the tenant.
fn is_pool(issuer: &str) -> bool {
    known_issuer(issuer).is_some_and(|known| known.tenant_claims.contains(&known.audience_claim))
}

/// A condition as it stands after "if". The external id is a shared secret, near enough.
fn asked(condition: &Condition, grant: &Grant) -> String {
    let is_asked = condition.demands_a_match(&grant.conditions);
    match condition.key.to_ascii_lowercase().as_str() {
        "sts:externalid" if is_asked => "it gives the external id".to_owned(),
        "sts:externalid" => "its external id fits".to_owned(),
        "aws:multifactorauthpresent" if is_asked && condition.values == ["true"] => {
            "MFA is present".to_owned()
        }
        "aws:principalorgid" if tells_who(condition, grant) => {
            format!("it is of organization {}", people(condition.values.clone()))
        }
        _ => Predicate::of(condition, true).to_string(),
    }
}
