//! Lets a user do nothing without MFA but set it up. Nobody can set it up for somebody else: it takes two
//! codes of the user's device in a row; see [`crate::render::enrolment()`] for the user's script.

use super::attach_quarantine_policy::{fits, put};
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "enable-mfa",
    aliases: &[],
    title: "Let a user do nothing without MFA",
    effect: Effect::Restricts,
    order: Order::Credentials,
    notes: &[
        "Only the user can enable a device: hand over the enrolment script (`trailwarden remediate show PLAN --as enrolment --user NAME`), which the user runs with own credentials, or let the user sign in to the console and follow Security credentials > Assign MFA device.",
        "The user must sign in anew after that; the policy stays and does no harm.",
    ],
    example: |subject| {
        subject.keys = Some([].into());
        subject.inline = Some([].into());
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.holder()?;
    if principal.kind != PrincipalKind::User {
        return Err(NoPlan::Missing("a user"));
    }
    let keys = subject.keys.as_ref().ok_or_else(|| NoPlan::unknown("which keys the user has"))?;
    let has_active = keys.values().any(|key| key.is_active);
    draft.note(if has_active {
        "The user has active access keys, which are never used with MFA: they keep working, and only sessions without MFA are denied. Move what uses them to a role."
    } else {
        "The user has no active access key: requests with a key would be denied too."
    });
    let account = subject.account.to_string();
    let document = documents::deny_unless_mfa(&subject.partition, &account, !has_active);
    let is_same = |text: &str| documents::is_same_policy(&text.into(), &document.as_str().into());
    if subject.inline(documents::REQUIRE_MFA).is_ok_and(is_same) {
        return Err(NoPlan::Already(
            "the user can do nothing without MFA, which only the user sets up".to_owned(),
        ));
    }
    fits(subject, principal.kind, documents::REQUIRE_MFA, &document)?;
    put(draft, principal, subject, documents::REQUIRE_MFA, document, "deny all without MFA to")
}
