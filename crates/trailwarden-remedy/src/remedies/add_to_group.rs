//! Puts a user into a group again out of which somebody took the user: what the group denies went with it.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "add-to-group",
    aliases: &[],
    title: "Put a user into a group again",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "All that the group's policies say counts for the user again, grants as well as denials: read them first.",
        "What was done while the user was out of the group stays: look for it.",
    ],
    example: |subject| {
        subject.group = Some("held".to_owned());
        subject.is_member = Some(false);
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    let group = subject.group.as_deref().ok_or(NoPlan::Missing("a group"))?;
    if subject.is_member == Some(true) {
        return Err(NoPlan::Already(format!("{user} is in the group {group}")));
    }
    // Not known is taken for no, and asked right before the call.
    draft.call(
        format!("put {user} into the group {group} again"),
        "iam:AddUserToGroup",
        [("GroupName", group.into()), ("UserName", user.into())],
        &Before::Implied,
    )?;
    Ok(())
}
