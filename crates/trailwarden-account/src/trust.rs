//! Trust policies with what the models know of whom they name.

use std::borrow::Cow;

use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::trust::{Grant, Who};
use trailwarden_policy::{Document, Principals};

use crate::identity::Id;
use crate::model::Model;

/// The policy without principals that were deleted, which AWS shows by their unique ids and which no
/// new principal of the name can be: they let nobody in (IAM User Guide, "AWS JSON policy elements:
/// Principal").
pub(crate) fn without_deleted<'d>(document: &'d Document, model: &Model) -> Cow<'d, Document> {
    let is_gone = |who: &Who| match who {
        Who::UniqueId(id) => model.identity(&Id::unique(id)).is_none(),
        _ => false,
    };
    let names_one = |principals: &Principals| {
        principals.listed().iter().any(|principal| is_gone(&Who::of(principal)))
    };
    if !document.statements.iter().any(|statement| names_one(&statement.principals)) {
        return Cow::Borrowed(document);
    }
    let mut left = document.clone();
    for statement in &mut left.statements {
        if let Principals::List(list) = &mut statement.principals {
            list.retain(|principal| !is_gone(&Who::of(principal)));
        }
    }
    Cow::Owned(left)
}

/// Whether somebody enters by this grant: federated people call other actions than principals of AWS.
///
/// Source: AWS STS API Reference, `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity`.
pub(crate) fn is_entry(grant: &Grant) -> bool {
    match grant.who {
        Who::Anyone => !grant.actions.is_empty(),
        _ => grant.actions.contains(&entering(&grant.who)),
    }
}

/// What somebody calls to enter.
pub(crate) fn entering(who: &Who) -> &'static str {
    match who {
        Who::Saml(_) => "sts:AssumeRoleWithSAML",
        Who::Oidc(_) => "sts:AssumeRoleWithWebIdentity",
        _ => "sts:AssumeRole",
    }
}

/// What must be so besides, that no model shows, for whoever a policy of an account lets in: leave of
/// his own account, or a provider that exists. Anyone may have an account of his own, and gives
/// himself leave there.
///
/// Source: IAM User Guide, "Cross-account policy evaluation logic" (both sides must allow).
pub(crate) fn unseen<'m>(
    who: &Who,
    home: AccountId,
    model: impl FnOnce(AccountId) -> Option<&'m Model>,
) -> Option<String> {
    match who {
        Who::Account(account) | Who::Principal { account: Some(account), .. } => {
            let is_foreign = *account != home && model(*account).is_none();
            is_foreign
                .then(|| format!("policies of account {account}, which were not seen, allow it"))
        }
        // Issuers that AWS knows by itself have no ARN, and need no provider.
        Who::Saml(arn) | Who::Oidc(arn) => {
            let parsed = Arn::parse(arn)?;
            let is_seen = parsed.account_id().and_then(model).is_some_and(|model| {
                model.providers().any(|one| one.arn.eq_ignore_ascii_case(arn))
            });
            (!is_seen).then(|| format!("provider {}, which was not seen, exists", parsed.name()))
        }
        _ => None,
    }
}
