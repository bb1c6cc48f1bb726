//! Closes a role to whom a change let in: the trust policy as it was, or without the statements at fault.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "remove-trust",
    aliases: &[],
    title: "Remove trust from a role",
    effect: Effect::Restricts,
    order: Order::Trust,
    notes: &[
        "Sessions that exist live on until they end. Where the logs show somebody who came in this way, the plan ends them, too; else do it with revoke-sessions.",
        "A document that names a deleted user or role by its id is refused by AWS: then that name must be taken out first.",
    ],
    example: |subject| {
        let ours = json!({ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" });
        let theirs = json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::999988887777:root" }, "Action": "sts:AssumeRole" });
        let now = json!({ "Version": "2012-10-17", "Statement": [ours, theirs] });
        subject.trust = Known::Is(now.to_string());
        subject.statements = [1].into();
    },
    example_of: "arn:aws:iam::111122223333:role/app",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let role = subject.role()?;
    let present = subject.trust()?;
    let parsed = documents::parse(present).ok_or_else(|| NoPlan::unknown("the trust policy"))?;
    if subject.before == Known::Absent {
        draft.note(format!(
            "The role {role} is new, and nobody could enter it before. Once nobody misses it, delete it (delete-role); that cannot be taken back."
        ));
    }
    let document = if subject.statements.is_empty() {
        match &subject.before {
            Known::Is(before)
                if documents::is_same_policy(&before.as_str().into(), &present.into()) =>
            {
                return Err(NoPlan::Already("the trust policy is as it was before".to_owned()));
            }
            Known::Is(before) => before.clone(),
            Known::Absent | Known::Unknown => {
                return Err(NoPlan::unknown_before("the trust policy before the change"));
            }
        }
    } else {
        if !documents::has_statements(&parsed, &subject.statements) {
            return Err(NoPlan::Missing("statements that the document has"));
        }
        let left = documents::without(&parsed, &subject.statements);
        // A trust policy needs a statement: one that lets nobody in.
        left.unwrap_or_else(documents::trust_nobody).to_string()
    };
    set_trust(draft, role, present, document)
}

/// Writes a trust policy.
pub(crate) fn set_trust(
    draft: &mut Draft,
    role: &str,
    present: &str,
    document: String,
) -> Result<(), NoPlan> {
    draft.call(
        format!("change the trust policy of {role}"),
        "iam:UpdateAssumeRolePolicy",
        [("RoleName", role.into()), ("PolicyDocument", document.into())],
        &Before::was("PolicyDocument", present),
    )?;
    Ok(())
}
