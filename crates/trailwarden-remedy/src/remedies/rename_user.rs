//! Gives a user back the name that it had.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "rename-user",
    aliases: &[],
    title: "Give a user its name back",
    effect: Effect::Keeps,
    notes: &[
        "Policies that name the user's ARN as a resource follow neither rename: they mean the old name again.",
    ],
    example: |subject| subject.name_before = Some("alice".to_owned()),
    example_of: "arn:aws:iam::111122223333:user/alice-old",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let user = subject.user()?;
    let before = subject.name_before.as_deref();
    let before = before.ok_or_else(|| NoPlan::unknown("the name before the change"))?;
    if before == user {
        return Err(NoPlan::Already("the user has that name".to_owned()));
    }
    draft.call(
        format!("rename {user} to {before}"),
        "iam:UpdateUser",
        [("UserName", user.into()), ("NewUserName", before.into())],
        // The path stays, so there is none to bring back.
        &Before::Was(Map::new()),
    )?;
    draft.require(Check {
        service: "iam".to_owned(),
        operation: "GetUser".to_owned(),
        input: [("UserName".to_owned(), before.into())].into(),
        path: vec![Part::Member("User".to_owned())],
        expected: Expected::Absent,
    });
    Ok(())
}
