//! Trust policies with what the models know of whom they name.

mod asked;
mod namesake;

use std::borrow::Cow;

use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::trust::{Grant, Who};
use trailwarden_policy::{Document, Principals, Statement};

use crate::access::Rcps;
use crate::identity::{Id, Identity};
use crate::model::Model;

pub(crate) use asked::{
    asked, asks_absence, is_audience, is_claim, place, refuses_client, tells_who,
};
pub(crate) use namesake::{is_later, without_namesakes};

/// The policy without principals that were deleted, which AWS shows by their unique ids and which no
/// new principal of the name can be: they are let in by nothing, and need no exception (IAM User Guide,
/// "AWS JSON policy elements: Principal").
fn without_deleted<'d>(document: &'d Document, model: &Model) -> Cow<'d, Document> {
    let is_gone = |who: &Who| match who {
        Who::UniqueId(id) => model.identity(&Id::unique(id)).is_none(),
        _ => false,
    };
    without(Cow::Borrowed(document), is_gone)
}

/// The policy without some of whom it names, be it to let them in, to keep them out or to leave them out.
fn without(document: Cow<'_, Document>, is_one: impl Fn(&Who) -> bool) -> Cow<'_, Document> {
    let is_named = |principals: &Principals| {
        principals.listed().iter().any(|principal| is_one(&Who::of(principal)))
    };
    let names_one = |statement: &Statement| {
        is_named(&statement.principals) || statement.not_principals.as_ref().is_some_and(is_named)
    };
    if !document.statements.iter().any(names_one) {
        return document;
    }
    let mut left = document.into_owned();
    for statement in &mut left.statements {
        for principals in
            std::iter::once(&mut statement.principals).chain(&mut statement.not_principals)
        {
            if let Principals::List(list) = principals {
                list.retain(|principal| !is_one(&Who::of(principal)));
            }
        }
    }
    Cow::Owned(left)
}

/// What decides who enters a role: its trust policy as it counts, with what resource control policies
/// over the account deny.
pub(crate) fn in_force<'d>(
    document: &'d Document,
    rcps: &Rcps,
    model: &Model,
    role: &Identity,
) -> Cow<'d, Document> {
    let arn = role.arn(model.partition(), model.account());
    in_force_on(document, rcps, model, &arn.unwrap_or_else(|| likely_role(model, &role.name)))
}

/// The same of the role with that ARN.
pub(crate) fn in_force_on<'d>(
    document: &'d Document,
    rcps: &Rcps,
    model: &Model,
    role_arn: &str,
) -> Cow<'d, Document> {
    rcps.onto(without_deleted(document, model), role_arn)
}

/// The ARN of a role of which no path was seen.
pub(crate) fn likely_role(model: &Model, name: &str) -> String {
    format!("arn:{}:iam::{}:role/{name}", model.partition(), model.account())
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

/// The technique of entering: its id, or the call where none has one.
pub(crate) fn technique_of(who: &Who) -> &'static str {
    match who {
        Who::Saml(_) | Who::Oidc(_) => entering(who),
        _ => "sts-001",
    }
}

/// Whether by that technique somebody enters a role by himself, and no service for him.
pub(crate) fn is_by_the_door(technique: &str) -> bool {
    technique == "sts-001" || technique.starts_with("sts:AssumeRoleWith")
}

/// Whether a grant is for whomever a provider vouches for that was deleted: nobody comes in by it until
/// one of the same ARN is made.
///
/// Source: IAM User Guide, "Delete an IAM SAML identity provider" (roles that name it stay, and fail).
pub(crate) fn is_deleted_provider(who: &Who, model: &Model) -> bool {
    match who {
        Who::Saml(arn) | Who::Oidc(arn) => model.tombstone(&Id::unique(arn)).is_some(),
        _ => false,
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
            let model = parsed.account_id().and_then(model);
            let is_seen = model.is_some_and(|model| {
                model.providers().any(|one| one.arn.eq_ignore_ascii_case(arn))
            });
            let is_gone = model.is_some_and(|model| is_deleted_provider(who, model));
            (!is_seen).then(|| match is_gone {
                true => format!("provider {}, which was deleted, is made again", parsed.name()),
                false => format!("provider {}, which was not seen, exists", parsed.name()),
            })
        }
        _ => None,
    }
}
