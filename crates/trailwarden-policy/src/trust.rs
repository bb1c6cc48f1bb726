//! Who a role trust policy lets in.
//!
//! Only the document is asked. A grant to an account (`Who::Account`) still needs an identity policy
//! over there, and a Deny in the same document may take a grant back: see [`crate::has_deny`]; only
//! [`compare_trust`] and [`effective_grants`] count it.
//!
//! Sources: IAM User Guide, "AWS JSON policy elements: Principal" (the forms of a principal, saved
//! ARNs that turn into unique ids, wildcards), "... `NotPrincipal`" (with Allow it admits everyone
//! else, anonymous callers too).
//!
//! # Invariants
//! - One grant per statement and principal; what is not recognised becomes [`Who::Other`], never
//!   nothing.
//! - [`compare_trust`] of a document with itself is empty.

mod comparison;
mod denied;
mod narrowing;
mod nobody;
mod oidc;
mod some;
#[cfg(test)]
mod tests;

pub use comparison::{Gained, compare_trust, gained};
pub use denied::{effective_grants, is_of_role};
pub use narrowing::{Narrowing, is_conditioned, narrowing};
pub use oidc::{Issuer, OidcWeakness, known_issuer, oidc_weakness};
pub use some::accounts_named;

use std::collections::HashSet;
use std::sync::Arc;

use trailwarden_model::{AccountId, Arn};

use crate::condition::Condition;
use crate::document::{Document, Effect, Principal, PrincipalKind, Statement};

/// The actions that give a session of the role.
///
/// `sts:TagSession`, `sts:SetSourceIdentity` and `sts:SetContext` only go along with one of them.
pub const ASSUMING_ACTIONS: [&str; 3] =
    ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// One principal that a trust policy lets assume the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who may assume the role.
    pub who: Who,
    /// Which of [`ASSUMING_ACTIONS`], however the policy wrote them. Not paired with the kind of
    /// principal: a federated session may call `sts:AssumeRole` too.
    pub actions: Vec<&'static str>,
    /// Whom of those the policy leaves out, by `NotPrincipal` or by a Deny that names them.
    pub but: Arc<[Who]>,
    /// All must hold. Shared by the grants of a statement, which may name thousands.
    pub conditions: Arc<[Condition]>,
}

/// A principal of a trust policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// `"*"`, `{"AWS": "*"}`, `{"Federated": "*"}`, or an Allow with `NotPrincipal`.
    Anyone,
    /// A whole account: twelve digits or the ARN of its root. Its identity policies decide who.
    Account(AccountId),
    /// A user, role, session or anything else with an ARN.
    Principal {
        /// The account of the ARN, when it has one (a CloudFront origin access identity has none).
        account: Option<AccountId>,
        /// As written.
        arn: String,
    },
    /// `AIDA...`, `AROA...`: what AWS shows for a principal that was deleted since. It grants
    /// nothing to a new principal of the same name.
    UniqueId(String),
    /// An AWS service: `ec2.amazonaws.com`.
    Service(String),
    /// A SAML provider's ARN.
    Saml(String),
    /// An OIDC provider's ARN, or a bare issuer that AWS knows by itself.
    Oidc(String),
    /// The long account form of S3.
    Canonical(String),
    /// A text in none of these forms.
    Other(String),
}

impl Who {
    /// The account that the principal lies in, when the document tells.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Who::Account(account) => Some(*account),
            Who::Principal { account, .. } => *account,
            Who::Saml(text) | Who::Oidc(text) => Arn::parse(text)?.account_id(),
            Who::Anyone
            | Who::UniqueId(_)
            | Who::Service(_)
            | Who::Canonical(_)
            | Who::Other(_) => None,
        }
    }

    /// The issuer of an OIDC principal, without scheme: `token.actions.githubusercontent.com`.
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Who::Oidc(text) => Some(oidc::issuer_of(text)),
            _ => None,
        }
    }

    /// Reads one principal of a policy.
    pub fn of(principal: &Principal) -> Self {
        let value = principal.value.as_str();
        match principal.kind {
            PrincipalKind::Aws => aws(value),
            PrincipalKind::Service => Who::Service(value.to_owned()),
            PrincipalKind::CanonicalUser => Who::Canonical(value.to_owned()),
            PrincipalKind::Federated => federated(value),
        }
    }
}

/// The grants of the Allow statements that can assume the role.
pub fn grants(document: &Document) -> Vec<Grant> {
    let mut grants = Vec::new();
    for statement in &document.statements {
        if statement.effect != Effect::Allow {
            continue;
        }
        let actions: Vec<&'static str> =
            ASSUMING_ACTIONS.into_iter().filter(|action| statement.covers_action(action)).collect();
        if actions.is_empty() {
            continue;
        }
        let conditions: Arc<[Condition]> = statement.conditions.as_slice().into();
        let excluded = statement.not_principals.iter().flat_map(|list| list.listed());
        let but: Arc<[Who]> = excluded.map(Who::of).collect();
        let mut seen = HashSet::new();
        for who in principals(statement) {
            if seen.insert(who.clone()) {
                grants.push(Grant {
                    who,
                    actions: actions.clone(),
                    but: Arc::clone(&but),
                    conditions: Arc::clone(&conditions),
                });
            }
        }
    }
    grants
}

fn principals(statement: &Statement) -> Vec<Who> {
    if let Some(excluded) = &statement.not_principals {
        // Everyone but everyone is nobody.
        return if excluded.is_everyone() { Vec::new() } else { vec![Who::Anyone] };
    }
    if statement.principals.is_everyone() {
        // Whoever is listed besides is among everyone, but a review wants to see the names.
        let mut all = vec![Who::Anyone];
        all.extend(statement.principals.listed().iter().map(Who::of).filter(|w| *w != Who::Anyone));
        return all;
    }
    statement.principals.listed().iter().map(Who::of).collect()
}

fn aws(value: &str) -> Who {
    if value == "*" {
        return Who::Anyone;
    }
    if let Some(account) = AccountId::parse(value) {
        return Who::Account(account);
    }
    // Only `*` alone is a wildcard (IAM User Guide, "AWS JSON policy elements: Principal").
    let arn = Arn::parse(value).filter(|_| !value.contains(['*', '?']));
    if let Some(arn) = arn {
        return match arn.account_id() {
            Some(account) if arn.service == "iam" && arn.resource == "root" => {
                Who::Account(account)
            }
            account => Who::Principal { account, arn: value.to_owned() },
        };
    }
    if is_unique_id(value) {
        return Who::UniqueId(value.to_owned());
    }
    Who::Other(value.to_owned())
}

/// Source: IAM User Guide, "IAM identifiers", unique id prefixes (all begin with `A`).
fn is_unique_id(value: &str) -> bool {
    value.len() >= 16
        && value.starts_with('A')
        && value.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn federated(value: &str) -> Who {
    if value == "*" {
        return Who::Anyone;
    }
    match Arn::parse(value) {
        Some(arn) if arn.kind() == "saml-provider" => Who::Saml(value.to_owned()),
        Some(arn) if arn.kind() != "oidc-provider" => Who::Other(value.to_owned()),
        _ => Who::Oidc(value.to_owned()),
    }
}
