//! Whom a statement is about.
//!
//! A reach knows no principals, so policies that name some are taken apart by principal: for each,
//! the statements that meet it. A Deny of an account meets everybody in it; an Allow of an account
//! gives nothing by itself to its users, whose own policies then decide.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal".

use std::collections::HashSet;

use trailwarden_model::Arn;
use trailwarden_policy::document::{
    Document, Effect, Principal, PrincipalKind, Principals, Statement,
};

/// Whoever is not named.
const EVERYONE: &str = "everyone";

/// Before the id of one.
const CANONICAL_USER: &str = "canonical user";

/// Somebody whom statements may meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// Whoever the policy is attached to.
    Holder,
    /// Everybody who is not named.
    Everyone,
    /// A principal that is named.
    One(Principal),
}

impl Subject {
    /// Everybody whom either document may meet.
    pub(super) fn all(documents: &[&Document]) -> Vec<Self> {
        let mut seen = HashSet::new();
        let mut subjects = Vec::new();
        let statements = || documents.iter().flat_map(|document| &document.statements);
        if statements().any(is_open) {
            subjects.push(Self::Everyone);
        }
        for statement in statements() {
            let excluded = statement.not_principals.as_ref().map_or(&[][..], Principals::listed);
            let named = statement.principals.listed().iter().chain(excluded);
            for principal in named.filter(|one| !is_star(one)) {
                let principal = canonical(principal);
                if seen.insert(principal.clone()) {
                    subjects.push(Self::One(principal));
                }
            }
        }
        subjects
    }

    /// The name for messages; `None` for whoever holds the policy. One that a policy spells like a
    /// name of ours is told from it.
    pub(super) fn name(&self) -> Option<String> {
        let principal = match self {
            Self::Holder => return None,
            Self::Everyone => return Some(EVERYONE.to_owned()),
            Self::One(principal) => principal,
        };
        let value = &principal.value;
        let written = match principal.kind {
            PrincipalKind::CanonicalUser => return Some(format!("{CANONICAL_USER} {value}")),
            PrincipalKind::Aws => "AWS",
            PrincipalKind::Service => "Service",
            PrincipalKind::Federated => "Federated",
        };
        let lower = value.trim().to_ascii_lowercase();
        let is_ours = lower == EVERYONE || lower.starts_with(CANONICAL_USER);
        Some(if is_ours { format!("{written} principal `{value}`") } else { value.clone() })
    }

    /// The statements that meet it.
    pub(super) fn part_of(&self, document: &Document) -> Vec<Statement> {
        document.statements.iter().filter(|one| self.is_met_by(one)).cloned().collect()
    }

    fn is_met_by(&self, statement: &Statement) -> bool {
        let principal = match self {
            Self::Holder => return true,
            Self::Everyone => return is_open(statement),
            Self::One(principal) => principal,
        };
        let lists =
            |list: &Principals| list.listed().iter().any(|named| canonical(named) == *principal);
        if let Some(excluded) = &statement.not_principals {
            return !lists(excluded);
        }
        let named = statement.principals.listed();
        is_open(statement)
            || lists(&statement.principals)
            || statement.effect == Effect::Deny
                && named.iter().any(|account| is_account_of(account, principal))
    }
}

/// Whether somebody who is named nowhere is meant. A statement that names nobody, which AWS would
/// refuse, is taken for the worst.
fn is_open(statement: &Statement) -> bool {
    let names_nobody = statement.principals.listed().is_empty();
    statement.not_principals.is_some() || statement.principals.is_everyone() || names_nobody
}

/// An account has two names.
fn canonical(principal: &Principal) -> Principal {
    let is_account = principal.kind == PrincipalKind::Aws
        && principal.value.len() == 12
        && principal.value.bytes().all(|byte| byte.is_ascii_digit());
    match is_account {
        true => Principal {
            value: format!("arn:aws:iam::{}:root", principal.value),
            ..principal.clone()
        },
        false => principal.clone(),
    }
}

fn is_star(principal: &Principal) -> bool {
    principal.kind == PrincipalKind::Aws && principal.value == "*"
}

/// Whether `account` names the account that the principal belongs to.
fn is_account_of(account: &Principal, principal: &Principal) -> bool {
    if account.kind != PrincipalKind::Aws || principal.kind != PrincipalKind::Aws {
        return false;
    }
    let own = Arn::parse(&principal.value).map(|arn| arn.account);
    let meant = match Arn::parse(&account.value) {
        Some(arn) if arn.resource == "root" => arn.account,
        Some(_) => return false,
        None => account.value.as_str(),
    };
    own == Some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(statement: &str) -> Vec<(String, bool)> {
        let user = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/a"},"Action":"*","Resource":"*"}"#;
        let text = format!(r#"{{"Statement":[{user},{statement}]}}"#);
        let document = Document::parse(&text).unwrap();
        let subjects = Subject::all(&[&document]);
        let last = document.statements.last().unwrap();
        subjects.iter().map(|subject| (subject.name().unwrap(), subject.is_met_by(last))).collect()
    }

    #[test]
    fn a_deny_of_an_account_meets_its_users_and_an_allow_does_not() {
        let of = |effect: &str, account: &str| {
            let text = format!(
                r#"{{"Effect":"{effect}","Principal":{{"AWS":"{account}"}},"Action":"*"}}"#
            );
            met(&text).first().unwrap().1
        };
        assert!(of("Deny", "111122223333"));
        assert!(of("Deny", "arn:aws:iam::111122223333:root"));
        assert!(!of("Deny", "444455556666"));
        assert!(!of("Allow", "111122223333"));
    }

    #[test]
    fn an_account_has_two_names() {
        let twice = met(
            r#"{"Effect":"Allow","Principal":{"AWS":["1","111122223333","arn:aws:iam::111122223333:root"]},"Action":"*"}"#,
        );
        let named: Vec<&str> = twice.iter().map(|(name, _)| name.as_str()).skip(1).collect();
        assert_eq!(named, ["1", "arn:aws:iam::111122223333:root"]);
        assert!(twice.iter().skip(1).all(|(_, is_met)| *is_met));
    }

    #[test]
    fn a_statement_that_names_nobody_is_taken_for_everyone() {
        let nobody = met(r#"{"Effect":"Allow","Action":"*"}"#);
        assert!(nobody.iter().all(|(_, is_met)| *is_met) && nobody.len() == 2, "{nobody:?}");
    }

    #[test]
    fn who_is_called_like_a_name_of_ours_is_told_from_it() {
        let names = met(
            r#"{"Effect":"Allow","Principal":{"AWS":["everyone","canonical user x"],"Service":"Everyone","CanonicalUser":"x"},"Action":"*"}"#,
        );
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).skip(1).collect();
        for name in [
            "AWS principal `everyone`",
            "AWS principal `canonical user x`",
            "Service principal `Everyone`",
            "canonical user x",
        ] {
            assert!(names.contains(&name), "{name} is not among {names:?}");
        }
    }

    #[test]
    fn everyone_and_all_but_some() {
        let user = "arn:aws:iam::111122223333:user/a";
        let open = met(r#"{"Effect":"Allow","Principal":"*","Action":"*"}"#);
        assert_eq!(open, [("everyone".to_owned(), true), (user.to_owned(), true)]);
        let but =
            met(&format!(r#"{{"Effect":"Deny","NotPrincipal":{{"AWS":"{user}"}},"Action":"*"}}"#));
        assert_eq!(but, [("everyone".to_owned(), true), (user.to_owned(), false)]);
    }
}
