//! Takes a user out of a group.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "remove-from-group",
    aliases: &[],
    title: "Take a user out of a group",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &["The user loses what the group's policies grant; the other members keep it."],
    example: |subject| subject.group = Some("admins".to_owned()),
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    let group = subject.group.as_deref().ok_or(NoPlan::Missing("a group"))?;
    if subject.is_member == Some(false) {
        return Err(NoPlan::Already(format!("{user} is not in the group {group}")));
    }
    draft.call(
        format!("take {user} out of the group {group}"),
        "iam:RemoveUserFromGroup",
        [("GroupName", group.into()), ("UserName", user.into())],
        &Before::Implied,
    )?;
    Ok(())
}
