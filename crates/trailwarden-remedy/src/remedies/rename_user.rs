//! Gives a user back the name that it had.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "rename-user",
    aliases: &[],
    title: "Give a user its name back",
    effect: Effect::Keeps,
    order: Order::Settings,
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
    let path = subject.principal.as_ref().and_then(|principal| path_of(&principal.arn));
    let moved = subject.path_before.as_deref().filter(|before| Some(*before) != path.as_deref());
    if before == user && moved.is_none() {
        return Err(NoPlan::Already("the user has that name and path".to_owned()));
    }
    let mut input = vec![("UserName", user.into()), ("NewUserName", before.into())];
    // Where the path stays there is none to bring back.
    let mut was = Map::new();
    if let (Some(wanted), Some(present)) = (moved, path) {
        input.push(("NewPath", wanted.into()));
        was.insert("NewPath".to_owned(), present.into());
    }
    let purpose = match before == user {
        true => format!("move {user} back to its path"),
        false => format!("rename {user} to {before}"),
    };
    draft.call(purpose, "iam:UpdateUser", input, &Before::Was(was))?;
    if before != user {
        draft.require(Check {
            service: "iam".to_owned(),
            operation: "GetUser".to_owned(),
            input: [("UserName".to_owned(), before.into())].into(),
            path: vec![Part::Member("User".to_owned())],
            expected: Expected::Absent,
        });
    }
    Ok(())
}

/// The path in a user's ARN: `/` or `/staff/`.
fn path_of(arn: &str) -> Option<String> {
    let (_, resource) = arn.split_once(":user/")?;
    let path = resource.rsplit_once('/').map_or("", |(path, _)| path);
    Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
}
