//! Takes a policy away from a user, group or role.

use super::narrow_policy::remove_inline;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "detach-policy",
    aliases: &[],
    title: "Take a policy away",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "Whoever holds the policy through this user, group or role loses what it grants; of a group, all members.",
    ],
    example: |subject| {
        subject.policy = Some(Policy::Managed {
            arn: "arn:aws:iam::aws:policy/AdministratorAccess".to_owned(),
            default: None,
            versions: Vec::new(),
            version_before: None,
        });
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.holder()?;
    match subject.policy.as_ref().ok_or(NoPlan::Missing("a policy"))? {
        Policy::Inline(name) => remove_inline(draft, principal, name, subject.inline(name)?),
        Policy::Managed { arn, .. } => {
            if subject.attached.as_ref().is_some_and(|attached| !attached.contains(arn)) {
                return Err(NoPlan::Already(format!("`{arn}` is not attached")));
            }
            let kind = principal.kind;
            draft.call(
                format!("detach {arn} from {}", principal.name),
                kind.choose(
                    "iam:DetachUserPolicy",
                    "iam:DetachGroupPolicy",
                    "iam:DetachRolePolicy",
                ),
                [
                    (kind.parameter(), principal.name.as_str().into()),
                    ("PolicyArn", arn.as_str().into()),
                ],
                &Before::Implied,
            )?;
            Ok(())
        }
    }
}
