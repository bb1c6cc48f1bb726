//! Takes out of a policy what a finding is about: back to the document before, or without the
//! statements at fault.

use crate::prelude::*;
use crate::stops::{Stop, is_aws_managed};

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "narrow-policy",
    aliases: &[],
    title: "Narrow a policy",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "A managed policy counts for everybody who holds it, and an inline policy of a group for all members.",
        "What somebody used of the grant stops working: compare with what the logs show of its use.",
    ],
    example: |subject| {
        let document = json!({ "Version": "2012-10-17", "Statement": [
            { "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/${aws:username}/*" },
            { "Sid": "Escalate", "Effect": "Allow", "Action": "iam:*", "Resource": "*" },
        ] });
        subject.policy = Some(Policy::Inline("extra".to_owned()));
        subject.inline = Some([("extra".to_owned(), document.to_string())].into());
        subject.statements = [1].into();
    },
    example_of: "arn:aws:iam::111122223333:group/ops",
    plan,
};

/// How many versions a managed policy may have ("IAM and STS quotas", IAM User Guide).
const VERSIONS_MAX: usize = 5;

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let policy = subject.policy.as_ref().ok_or(NoPlan::Missing("a policy"))?;
    if is_aws_managed(policy) {
        return Err(NoPlan::Stopped(Stop::AwsManagedPolicy));
    }
    match policy {
        Policy::Inline(name) => {
            let principal = subject.holder()?;
            let present = subject.inline(name)?;
            match narrowed(subject, present)? {
                Some(document) => put_inline(draft, principal, name, present, document),
                None => remove_inline(draft, principal, name, present),
            }
        }
        Policy::Managed { arn, default, versions, .. } => {
            let default =
                default.as_deref().ok_or_else(|| NoPlan::unknown("the default version"))?;
            let document = versions.iter().find(|(id, _)| id == default);
            let document = document.and_then(|(_, text)| text.as_deref());
            let document = document.ok_or_else(|| NoPlan::unknown("the policy's document"))?;
            let Some(narrowed) = narrowed(subject, document)? else {
                return Err(NoPlan::Person(
                    "nothing would be left of the policy: narrow it to what is used (`trailwarden least-privilege`), or take it away from whoever holds it (detach-policy), and delete it when nobody does"
                        .to_owned(),
                ));
            };
            draft.about(arn.as_str());
            new_version(draft, arn, default, versions, narrowed)
        }
    }
}

/// The steps by which the subject's policy says that document from now on, or is gone where there is none.
///
/// # Errors
/// There is no plan, and why.
pub fn replace(subject: &Subject, document: Option<&str>) -> Result<Draft, NoPlan> {
    let before = document.map_or(Known::Absent, |document| Known::Is(document.to_owned()));
    REMEDY.draft(&Subject { before, statements: [].into(), ..subject.clone() })
}

/// The document as it should be; `None` when nothing of it should be.
fn narrowed(subject: &Subject, present: &str) -> Result<Option<String>, NoPlan> {
    // A document that is known says more than the statements that are at fault: of some a part stays.
    if !subject.statements.is_empty() && !matches!(subject.before, Known::Is(_)) {
        let document = documents::parse(present);
        let document = document.ok_or_else(|| NoPlan::unknown("what the document says"))?;
        if !documents::has_statements(&document, &subject.statements) {
            return Err(NoPlan::Missing("statements that the document has"));
        }
        let left = documents::without(&document, &subject.statements);
        return Ok(left.map(|left| left.to_string()));
    }
    match &subject.before {
        Known::Is(before)
            if documents::is_same_policy(&before.as_str().into(), &present.into()) =>
        {
            Err(NoPlan::Already("the document is as it was before".to_owned()))
        }
        Known::Is(before) => Ok(Some(before.clone())),
        Known::Absent => Ok(None),
        Known::Unknown => Err(NoPlan::unknown_before("the document before the change")),
    }
}

fn put_inline(
    draft: &mut Draft,
    principal: &Principal,
    name: &str,
    present: &str,
    document: String,
) -> Result<(), NoPlan> {
    let kind = principal.kind;
    draft.call(
        format!("narrow the inline policy {name} of {}", principal.name),
        kind.choose("iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy"),
        [
            (kind.parameter(), principal.name.as_str().into()),
            ("PolicyName", name.into()),
            ("PolicyDocument", document.into()),
        ],
        &Before::was("PolicyDocument", present),
    )?;
    Ok(())
}

/// Deletes an inline policy.
pub(crate) fn remove_inline(
    draft: &mut Draft,
    principal: &Principal,
    name: &str,
    present: &str,
) -> Result<(), NoPlan> {
    let kind = principal.kind;
    draft.call(
        format!("delete the inline policy {name} of {}", principal.name),
        kind.choose("iam:DeleteUserPolicy", "iam:DeleteGroupPolicy", "iam:DeleteRolePolicy"),
        [(kind.parameter(), principal.name.as_str().into()), ("PolicyName", name.into())],
        &Before::was("PolicyDocument", present),
    )?;
    Ok(())
}

/// Makes a document the default version of a managed policy.
fn new_version(
    draft: &mut Draft,
    arn: &str,
    default: &str,
    versions: &[(String, Option<String>)],
    document: String,
) -> Result<(), NoPlan> {
    // Asked before anything is deleted or made: a version's document never changes, so the default
    // version is the one that was narrowed.
    let is_default = || Check {
        service: "iam".to_owned(),
        operation: "GetPolicy".to_owned(),
        input: [("PolicyArn".to_owned(), arn.into())].into(),
        path: vec![Part::Member("Policy".to_owned()), Part::Member("DefaultVersionId".to_owned())],
        expected: Expected::Equals(default.into()),
    };
    if versions.len() >= VERSIONS_MAX {
        let oldest = versions.iter().find(|(id, _)| id != default);
        let (oldest, _) = oldest.ok_or_else(|| NoPlan::unknown("the policy's versions"))?;
        draft.call(
            format!("make room: delete {oldest}, the oldest version of {arn}"),
            "iam:DeletePolicyVersion",
            [("PolicyArn", arn.into()), ("VersionId", oldest.as_str().into())],
            &Before::Implied,
        )?;
        draft.require(Check {
            service: "iam".to_owned(),
            operation: "GetPolicyVersion".to_owned(),
            input: [
                ("PolicyArn".to_owned(), arn.into()),
                ("VersionId".to_owned(), oldest.as_str().into()),
            ]
            .into(),
            path: vec![
                Part::Member("PolicyVersion".to_owned()),
                Part::Member("IsDefaultVersion".to_owned()),
            ],
            expected: Expected::Equals(false.into()),
        });
        draft.require(is_default());
    }
    let made = draft.call(
        format!("make a narrower version of {arn}"),
        "iam:CreatePolicyVersion",
        [
            ("PolicyArn", arn.into()),
            ("PolicyDocument", document.into()),
            ("SetAsDefault", false.into()),
        ],
        &Before::Implied,
    )?;
    draft.require(is_default());
    draft.call(
        format!("make it the default of {arn}"),
        "iam:SetDefaultPolicyVersion",
        [
            ("PolicyArn", arn.into()),
            ("VersionId", Draft::result(&made, &["PolicyVersion", "VersionId"])),
        ],
        &Before::was("VersionId", default),
    )?;
    Ok(())
}
