//! Grants that nobody can use: a condition compares a wildcard as a character, or asks for another account.
//!
//! `StringEquals` takes `*` for itself. Names of AWS's own, and the subjects of well-known issuers, hold
//! no such character, so a value with one fits nobody; of other claims and of secrets nobody knows.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (only the Like operators and
//! those for ARNs take wildcards), "IAM and AWS STS quotas" (characters of names).

use crate::condition::Condition;

use super::oidc::{claim_of, known_issuer};
use super::{Grant, Who};

/// Keys of which no value holds a wildcard, in lower case.
const PLAIN_KEYS: [&str; 10] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:userid",
    "aws:username",
];

/// Whether no caller meets the conditions of a grant, whoever he is.
pub fn is_for_nobody(grant: &Grant) -> bool {
    grant.conditions.iter().any(|condition| {
        condition.demands_a_match(&grant.conditions) && compares_wildcards(condition, &grant.who)
    })
}

/// Whether the conditions of a grant ask for an account that whoever it names is not of.
///
/// Source: IAM User Guide, "AWS global condition context keys", `aws:PrincipalAccount` (all signed
/// requests carry it).
pub(super) fn is_for_others(grant: &Grant) -> bool {
    let account = match &grant.who {
        Who::Account(account) | Who::Principal { account: Some(account), .. } => {
            account.to_string()
        }
        _ => return false,
    };
    grant.conditions.iter().any(|condition| {
        if !condition.key.eq_ignore_ascii_case("aws:PrincipalAccount")
            || condition.values.iter().any(|value| value.contains("${"))
        {
            return false;
        }
        let is_named = condition.values.contains(&account);
        match condition.parsed_operator().base.as_str() {
            "stringequals" => !is_named,
            "stringnotequals" => is_named,
            _ => false,
        }
    })
}

fn compares_wildcards(condition: &Condition, who: &Who) -> bool {
    let base = condition.parsed_operator().base;
    let is_exact = matches!(base.as_str(), "stringequals" | "stringequalsignorecase");
    let key = condition.key.to_ascii_lowercase();
    let is_claim = || {
        who.issuer().is_some_and(|issuer| {
            let claim = claim_of(&condition.key, issuer);
            let tells_tenant = |claim: &str| {
                let known = known_issuer(issuer);
                known.is_some_and(|known| {
                    known.tenant_claims.iter().any(|one| one.eq_ignore_ascii_case(claim))
                })
            };
            claim.is_some_and(tells_tenant)
        })
    };
    is_exact
        && condition.values.iter().all(|value| value.contains('*'))
        && (PLAIN_KEYS.contains(&key.as_str()) || is_claim())
}
