//! Principals that bear the name of another: a trust policy means whoever had the name when it was
//! written.
//!
//! AWS keeps the unique id of a principal that a policy names, so one that is made later under the same
//! name is not let in, whatever account it is of.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" (users and roles that were deleted and
//! made again).

use std::borrow::Cow;

use trailwarden_model::Arn;
use trailwarden_policy::Document;
use trailwarden_policy::trust::Who;

use crate::access::World;
use crate::fact::{Fact, Proof};
use crate::identity::Identity;
use crate::text::PolicyText;

/// Whether a principal was made after a trust policy was written.
pub(crate) fn is_later(identity: &Identity, trust: &Fact<PolicyText>) -> bool {
    let written = trust.proof().and_then(Proof::time);
    identity.created.value().zip(written).is_some_and(|(created, written)| *created > written)
}

/// A trust policy without the names that belong to others since it was written.
pub(crate) fn without_namesakes<'d>(
    document: Cow<'d, Document>,
    trust: &Fact<PolicyText>,
    world: World<'_>,
) -> Cow<'d, Document> {
    let is_namesake = |who: &Who| match who {
        Who::Principal { arn, .. } => {
            let account = Arn::parse(arn).and_then(|arn| arn.account_id());
            let found = account.and_then(|account| world.model(account)?.find_arn(arn));
            found.is_some_and(|identity| is_later(identity, trust))
        }
        _ => false,
    };
    super::without(document, is_namesake)
}
