//! Grants that nobody can use: a condition compares a wildcard as a character, or asks for another account.
//!
//! `StringEquals` takes `*` for itself. Names and secrets, and the subjects of well-known issuers, hold
//! no such character, so a value with one fits nobody; of other claims nobody knows.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (only the Like operators and
//! those for ARNs take wildcards).

use crate::condition::{Condition, is_exact, is_possible};

use super::oidc::{claim_of, known_issuer};
use super::{Grant, Who};

/// The grant with the values that somebody may have; none where a condition is left without any.
pub(super) fn possible(grant: Grant) -> Option<Grant> {
    let fits = |condition: &Condition, value: &String| may_be(condition, value, &grant.who);
    let is_asked = |condition: &Condition| {
        let operator = condition.parsed_operator();
        is_exact(&operator.base) && operator.is_positive()
    };
    let is_less = |condition: &Condition| {
        is_asked(condition) && !condition.values.iter().all(|value| fits(condition, value))
    };
    if !grant.conditions.iter().any(is_less) {
        return Some(grant);
    }
    let mut left = grant.conditions.to_vec();
    for condition in left.iter_mut().filter(|condition| is_less(condition)) {
        let mut values = condition.values.clone();
        values.retain(|value| fits(condition, value));
        match values.is_empty() {
            true if condition.demands_a_match(&grant.conditions) => return None,
            // It holds where the key is absent, and says so best as it is written.
            true => {}
            false => condition.values = values,
        }
    }
    Some(Grant { conditions: left.into(), ..grant })
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

/// Whether somebody may have exactly that value.
fn may_be(condition: &Condition, value: &str, who: &Who) -> bool {
    let tells_tenant = || {
        let issuer = who.issuer()?;
        let claim = claim_of(&condition.key, issuer)?;
        let mut tenant = known_issuer(issuer)?.tenant_claims.iter();
        Some(tenant.any(|one| one.eq_ignore_ascii_case(claim)))
    };
    is_possible(&condition.key, value) && (!value.contains('*') || tells_tenant() != Some(true))
}
