//! Lifts a quarantine of ours.

use super::narrow_policy::remove_inline;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "release-quarantine",
    aliases: &[],
    title: "Lift a quarantine",
    effect: Effect::Keeps,
    order: Order::Grants,
    notes: &[
        "Keys that the quarantine switched off stay off: give the user new ones, or undo the run that switched them off.",
        "The denial of older sessions stays; it concerns no session that begins after it.",
    ],
    example: |subject| {
        let denial = documents::deny_everything();
        subject.inline = Some([(documents::QUARANTINE.to_owned(), denial)].into());
        subject.boundary = Known::Absent;
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.user_or_role()?;
    let Some(inline) = &subject.inline else {
        return Err(NoPlan::unknown("the inline policies"));
    };
    if let Some(text) = inline.get(documents::QUARANTINE) {
        remove_inline(draft, principal, documents::QUARANTINE, text)?;
    }
    let kind = principal.kind;
    let name = (kind.parameter(), Argument::from(principal.name.as_str()));
    if let Known::Is(boundary) = &subject.boundary
        && boundary.ends_with(":iam::aws:policy/AWSDenyAll")
    {
        let before = Before::was("PermissionsBoundary", boundary.as_str());
        match &subject.before {
            Known::Is(earlier) => draft.call(
                format!("put the earlier boundary of {} back", principal.name),
                kind.choose("iam:PutUserPermissionsBoundary", "", "iam:PutRolePermissionsBoundary"),
                [name, ("PermissionsBoundary", earlier.as_str().into())],
                &before,
            )?,
            Known::Absent => draft.call(
                format!("take the boundary of {} away", principal.name),
                kind.choose(
                    "iam:DeleteUserPermissionsBoundary",
                    "",
                    "iam:DeleteRolePermissionsBoundary",
                ),
                [name],
                &before,
            )?,
            Known::Unknown => return Err(NoPlan::unknown("the boundary before the quarantine")),
        };
    }
    if subject.boundary == Known::Unknown {
        if draft.is_empty() {
            return Err(NoPlan::unknown("the permissions boundary"));
        }
        draft.note("Whether a boundary denies everything too is not known: look at it.");
    }
    if draft.is_empty() {
        return Err(NoPlan::Already("there is no quarantine of ours".to_owned()));
    }
    Ok(())
}
