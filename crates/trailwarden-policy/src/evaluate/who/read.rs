//! Principals as a policy names them, read once.
//!
//! Sources: IAM User Guide, "AWS JSON policy elements: Principal", "IAM identifiers".

use trailwarden_model::Arn;

use super::super::caller::{Caller, Entity};
use super::{Kind, Named, same};
use crate::document::{Principal, PrincipalKind, Principals};

impl Named {
    /// Whether it is a session of a role.
    pub(super) fn is_session_of(&self, role: &Entity<'_>) -> bool {
        let Named::Arn { text, .. } = self else { return false };
        match Caller::parse(text) {
            Ok(Caller::Session { entity, role: name }) => {
                entity.account == role.account
                    && name == role.name
                    && same(Some(entity.partition), role)
            }
            _ => false,
        }
    }
}

pub(super) fn named(principals: &Principals) -> Vec<Named> {
    match principals {
        Principals::Any => vec![Named::Everyone],
        Principals::List(list) => list.iter().map(name).collect(),
    }
}

fn name(principal: &Principal) -> Named {
    let value = principal.value.as_str();
    match principal.kind {
        PrincipalKind::Service => Named::Service(value.into()),
        PrincipalKind::Federated => Named::Provider(value.into()),
        PrincipalKind::CanonicalUser => Named::Canonical,
        PrincipalKind::Aws if value == "*" => Named::Everyone,
        PrincipalKind::Aws => aws(value),
    }
}

fn aws(value: &str) -> Named {
    // Only `*` alone is a wildcard, and no name holds one.
    if value.contains(['*', '?']) {
        return Named::Nobody;
    }
    match Caller::parse(value) {
        Ok(Caller::Root(root)) => {
            let partition = (!root.partition.is_empty()).then(|| root.partition.into());
            return Named::Account { partition, id: root.account.into() };
        }
        Ok(
            Caller::User(_) | Caller::Role(_) | Caller::Session { .. } | Caller::FederatedUser(_),
        ) => {}
        _ if is_unique_id(value) => return Named::Id(value.into()),
        _ => return Named::Nobody,
    }
    let Some(arn) = Arn::parse(value) else { return Named::Nobody };
    let kind = match (arn.service, arn.kind()) {
        ("iam", "user") => Kind::User,
        ("iam", "role") => Kind::Role,
        _ => Kind::Other,
    };
    Named::Arn {
        text: value.into(),
        partition: arn.partition.into(),
        account: arn.account.into(),
        kind,
        name: arn.name().into(),
    }
}

/// Source: IAM User Guide, "IAM identifiers", unique identifiers.
fn is_unique_id(value: &str) -> bool {
    value.len() >= 16
        && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && (value.starts_with("AIDA") || value.starts_with("AROA"))
}
