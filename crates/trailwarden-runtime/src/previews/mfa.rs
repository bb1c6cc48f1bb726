//! What is lost without a second factor only.
//!
//! Sources: IAM User Guide, "AWS global condition context keys" (`aws:MultiFactorAuthPresent`: requests with
//! long-term keys have no such key; `BoolIfExists` counts that as without MFA, `Bool` does not).

use std::borrow::Cow;

use trailwarden_account::{Identity, Kind};
use trailwarden_policy::reach::{Conditions, Grant};
use trailwarden_remedy::plan::foreseen::LostWhen;

const MFA: &str = "aws:multifactorauthpresent";

/// When all of that is lost, and the same without the condition that says so. Only users have devices:
/// with a role nobody knows whether whoever enters it has one.
pub(super) fn lost_when<'a>(
    identity: Option<&Identity>,
    lost: &'a [Grant],
) -> (LostWhen, Cow<'a, [Grant]>) {
    let always = (LostWhen::Always, Cow::Borrowed(lost));
    if identity.is_none_or(|one| one.kind != Kind::User) {
        return always;
    }
    let Some(all) = lost.iter().map(lost_without).collect::<Option<Vec<_>>>() else {
        return always;
    };
    let Some((when, _)) = all.first() else { return always };
    let when = *when;
    // Where some is lost by keys too and some not, only the texts can tell which.
    if all.iter().any(|(other, _)| *other != when) {
        return always;
    }
    (when, Cow::Owned(all.into_iter().map(|(_, grant)| grant).collect()))
}

fn lost_without(grant: &Grant) -> Option<(LostWhen, Grant)> {
    if !grant.conditions.unless().is_empty() {
        return None;
    }
    let (about, others): (Vec<_>, Vec<_>) =
        grant.conditions.all().iter().cloned().partition(|one| one.key() == MFA);
    let [only] = about.as_slice() else { return None };
    let condition = only.to_condition();
    let when = match condition.operator.as_str() {
        "BoolIfExists" => LostWhen::WithoutMfa,
        "Bool" => LostWhen::SessionWithoutMfa,
        _ => return None,
    };
    if !matches!(condition.values.as_slice(), [value] if value == "false") {
        return None;
    }
    let conditions = Conditions::of(others)?;
    Some((when, Grant { conditions, ..grant.clone() }))
}
