//! Puts a policy back that a call took away: denials and conditions went with it.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-policy",
    aliases: &[],
    title: "Put a policy back",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "All that the policy says counts again, grants as well as denials: read it first.",
        "What was done while the policy was away stays: look for it.",
    ],
    example: |subject| {
        let denial = json!({ "Version": "2012-10-17", "Statement": [
            { "Sid": "NoIam", "Effect": "Deny", "Action": "iam:*", "Resource": "*" },
        ] });
        subject.policy = Some(Policy::Inline("no-iam".to_owned()));
        subject.inline = Some([].into());
        subject.before = Known::Is(denial.to_string());
    },
    example_of: "arn:aws:iam::111122223333:role/app",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.holder()?;
    let kind = principal.kind;
    let holder = (kind.parameter(), Argument::from(principal.name.as_str()));
    match subject.policy.as_ref().ok_or(NoPlan::Missing("a policy"))? {
        Policy::Inline(name) => {
            let document = subject.before.is();
            let document =
                document.ok_or_else(|| NoPlan::unknown_before("the document before the change"))?;
            if subject.inline(name).is_ok() {
                return Err(NoPlan::Already(format!("there is an inline policy `{name}` again")));
            }
            // Not known is taken for absent, and asked right before the call.
            draft.call(
                format!("put the inline policy {name} of {} back", principal.name),
                kind.choose("iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy"),
                [
                    holder,
                    ("PolicyName", name.as_str().into()),
                    ("PolicyDocument", document.as_str().into()),
                ],
                &Before::Absent,
            )?;
        }
        Policy::Managed { arn, .. } => {
            if subject.attached.as_ref().is_some_and(|attached| attached.contains(arn)) {
                return Err(NoPlan::Already(format!("`{arn}` is attached")));
            }
            draft.call(
                format!("attach {arn} to {} again", principal.name),
                kind.choose(
                    "iam:AttachUserPolicy",
                    "iam:AttachGroupPolicy",
                    "iam:AttachRolePolicy",
                ),
                [holder, ("PolicyArn", arn.as_str().into())],
                &Before::Implied,
            )?;
        }
    }
    Ok(())
}
