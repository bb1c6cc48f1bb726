//! Gives a user's or role's tag the value back that it had, or takes away one that was not there.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-tags",
    aliases: &[],
    title: "Set a tag back",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "Policies that ask for the tag decide as before; who relied on the new value loses what it gave.",
        "What was done by the new value stays: look for it.",
    ],
    example: |subject| {
        subject.before = Known::Is("guests".to_owned());
        let value = Known::Is("ops".to_owned());
        subject.tag = Some(Tag { key: "team".to_owned(), value });
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.user_or_role()?;
    let Tag { key, value } = subject.tag.as_ref().ok_or(NoPlan::Missing("a tag"))?;
    let tagged = |value: &str| json!([{ "Key": key, "Value": value }]);
    let (kind, name) = (principal.kind, &principal.name);
    let holder = (kind.parameter(), Argument::from(name.as_str()));
    let before = match value {
        Known::Is(value) => Before::was("Tags", tagged(value)),
        Known::Absent => Before::Absent,
        Known::Unknown => return Err(NoPlan::unknown(format!("the tag {key} as it is"))),
    };
    match &subject.before {
        was if was == value => {
            return Err(NoPlan::Already(format!("the tag {key} is as it was before")));
        }
        Known::Is(was) => draft.call(
            format!("give the tag {key} of {name} its value back"),
            kind.choose("iam:TagUser", "", "iam:TagRole"),
            [holder, ("Tags", tagged(was).into())],
            &before,
        )?,
        Known::Absent => draft.call(
            format!("take the tag {key} of {name} away"),
            kind.choose("iam:UntagUser", "", "iam:UntagRole"),
            [holder, ("TagKeys", json!([key]).into())],
            &before,
        )?,
        Known::Unknown => {
            return Err(NoPlan::unknown_before(format!(
                "the value of the tag {key} before the change"
            )));
        }
    };
    Ok(())
}
