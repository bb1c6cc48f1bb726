//! Puts a permissions boundary back that was lifted or exchanged.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-permissions-boundary",
    aliases: &[],
    title: "Restore a permissions boundary",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "What the user or role did beyond the boundary in the meantime stays: look for it.",
        "The boundary is a policy: make sure that its document is what it was.",
    ],
    example: |subject| {
        subject.boundary = Known::Absent;
        subject.before = Known::Is("arn:aws:iam::111122223333:policy/boundary".to_owned());
    },
    example_of: "arn:aws:iam::111122223333:role/app",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.user_or_role()?;
    let wanted = match &subject.before {
        Known::Is(arn) => arn.as_str(),
        Known::Absent => return Err(NoPlan::Already("there was no boundary".to_owned())),
        Known::Unknown => return Err(NoPlan::unknown_before("the boundary before the change")),
    };
    let before = match &subject.boundary {
        Known::Is(arn) if arn == wanted => {
            return Err(NoPlan::Already("the boundary is in place".to_owned()));
        }
        Known::Is(arn) => Before::was("PermissionsBoundary", arn.as_str()),
        Known::Absent => Before::Absent,
        Known::Unknown => return Err(NoPlan::unknown("the present boundary")),
    };
    let kind = principal.kind;
    draft.call(
        format!("put the boundary of {} back", principal.name),
        kind.choose("iam:PutUserPermissionsBoundary", "", "iam:PutRolePermissionsBoundary"),
        [
            (kind.parameter(), principal.name.as_str().into()),
            ("PermissionsBoundary", wanted.into()),
        ],
        &before,
    )?;
    Ok(())
}
