//! Gives one holder of a managed policy a narrower one in its place: the others keep what they have, and
//! a policy of AWS's own cannot be changed at all.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "replace-policy",
    aliases: &[],
    title: "Replace a managed policy for one holder",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "The new policy is attached before the old one is detached, so that nothing is missing in between; where ten policies are attached already, which is the quota unless AWS raised it, the step stops.",
        "What somebody used of the old policy and the new one lacks stops working: compare with what the logs show of its use.",
        "A policy of AWS's own grows with its services; the new one does not.",
    ],
    example: |subject| {
        subject.policy = Some(Policy::Managed {
            arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess".to_owned(),
            default: None,
            versions: Vec::new(),
            version_before: None,
        });
        subject.attached = Some(["arn:aws:iam::aws:policy/AmazonS3FullAccess".to_owned()].into());
        let narrower = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*" } ] });
        subject.before = Known::Is(narrower.to_string());
    },
    example_of: "arn:aws:iam::111122223333:role/app",
    plan,
};

/// How long a policy's name may be ("IAM and STS quotas", IAM User Guide).
const NAME_MAX: usize = 128;

/// The steps by which the subject's principal holds that document in place of the subject's policy.
///
/// # Errors
/// There is no plan, and why.
pub fn replace(subject: &Subject, document: &str) -> Result<Draft, NoPlan> {
    REMEDY.draft(&Subject { before: Known::Is(document.to_owned()), ..subject.clone() })
}

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.holder()?;
    let Some(Policy::Managed { arn, .. }) = &subject.policy else {
        return Err(NoPlan::Missing("a managed policy"));
    };
    let document = subject.before.is();
    let document = document.ok_or_else(|| NoPlan::unknown("what the new policy is to say"))?;
    if subject.attached.as_ref().is_some_and(|attached| !attached.contains(arn)) {
        return Err(NoPlan::Already(format!("`{arn}` is not attached")));
    }
    let kind = principal.kind;
    let name = name_of_new(principal, arn);
    let held_as = format!("arn:{}:iam::{}:policy/{name}", subject.partition, subject.account);
    draft.call(
        format!("make the policy {name}"),
        "iam:CreatePolicy",
        [("PolicyName", name.as_str().into()), ("PolicyDocument", document.as_str().into())],
        &Before::Implied,
    )?;
    draft.require(Check {
        service: "iam".to_owned(),
        operation: "GetPolicy".to_owned(),
        input: [("PolicyArn".to_owned(), held_as.as_str().into())].into(),
        path: vec![Part::Member("Policy".to_owned())],
        expected: Expected::Absent,
    });
    let holder = || (kind.parameter(), Argument::from(principal.name.as_str()));
    draft.call(
        format!("attach {name} to {}", principal.name),
        kind.choose("iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"),
        [holder(), ("PolicyArn", held_as.into())],
        &Before::Implied,
    )?;
    draft.call(
        format!("detach {arn} from {}", principal.name),
        kind.choose("iam:DetachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachRolePolicy"),
        [holder(), ("PolicyArn", arn.as_str().into())],
        &Before::Implied,
    )?;
    Ok(())
}

/// `role-app-AmazonS3FullAccess-used`: whose it is, what it was, and that it is what was used of it.
fn name_of_new(principal: &Principal, arn: &str) -> String {
    let old = arn.rsplit('/').next().unwrap_or(arn);
    let name = format!("{}-{}-{old}", principal.kind.word(), principal.name);
    // Names are ASCII ("IAM identifiers", IAM User Guide), so that characters are bytes.
    let kept: String = name.chars().take(NAME_MAX - END.len()).collect();
    format!("{kept}{END}")
}

const END: &str = "-used";
