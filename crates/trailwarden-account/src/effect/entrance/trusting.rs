//! The roles that trust a provider.

use trailwarden_model::Arn;
use trailwarden_policy::trust::{self, Grant, Who};

use crate::identity::{Identity, Kind};
use crate::model::Model;

/// What roles of an account grant to whoever a provider vouches for.
pub(in crate::effect) fn roles_trusting<'m>(
    model: &'m Model,
    provider: &'m str,
) -> impl Iterator<Item = (&'m Identity, Grant)> {
    let is_it = move |who: &Who| match who {
        Who::Saml(arn) | Who::Oidc(arn) => {
            arn.eq_ignore_ascii_case(provider)
                || Arn::parse(provider).is_some_and(|own| {
                    own.resource.split_once('/').is_some_and(|(_, issuer)| issuer == arn)
                })
        }
        _ => false,
    };
    let granted = move |role: &'m Identity| {
        let document = role.trust.value().and_then(|text| text.document().ok());
        let grants = document.map(trust::grants).unwrap_or_default();
        grants.into_iter().filter(move |grant| is_it(&grant.who)).map(move |grant| (role, grant))
    };
    model.of_kind(Kind::Role).flat_map(granted)
}
