//! Makes the earlier version of a managed policy the default again.

use crate::prelude::*;
use crate::stops::{Stop, is_aws_managed};

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-policy-version",
    aliases: &[],
    title: "Restore a policy version",
    effect: Effect::Restricts,
    order: Order::Grants,
    notes: &[
        "It counts for everybody who holds the policy.",
        "The version that is replaced stays and can be read.",
    ],
    example: |subject| {
        subject.principal = None;
        subject.policy = Some(Policy::Managed {
            arn: "arn:aws:iam::111122223333:policy/team/deploy".to_owned(),
            default: Some("v4".to_owned()),
            versions: vec![("v3".to_owned(), None), ("v4".to_owned(), None)],
            version_before: Some("v3".to_owned()),
        });
    },
    example_of: "arn:aws:iam::111122223333:user/alice",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let policy = subject.policy.as_ref().ok_or(NoPlan::Missing("a managed policy"))?;
    if is_aws_managed(policy) {
        return Err(NoPlan::Stopped(Stop::AwsManagedPolicy));
    }
    let Policy::Managed { arn, default, versions, version_before } = policy else {
        return Err(NoPlan::Missing("a managed policy"));
    };
    let default = default.as_deref().ok_or_else(|| NoPlan::unknown("the default version"))?;
    let wanted = version_before.as_deref();
    let wanted =
        wanted.ok_or_else(|| NoPlan::unknown_before("the default version before the change"))?;
    if wanted == default {
        return Err(NoPlan::Already(format!("{wanted} is the default")));
    }
    if !versions.iter().any(|(id, _)| id == wanted) {
        // Where its document is known, a new version says the same.
        return Err(match subject.before {
            Known::Is(_) => NoPlan::Missing("a version that is there still"),
            _ => NoPlan::Person(format!(
                "the version `{wanted}` is gone, and its document is not known: logs or a baseline from before the change tell it (`--logs PATH`, or `--baseline OLD NEW`); then a new version of it is made"
            )),
        });
    }
    draft.about(arn.as_str());
    draft.call(
        format!("make {wanted} the default of {arn} again"),
        "iam:SetDefaultPolicyVersion",
        [("PolicyArn", arn.as_str().into()), ("VersionId", wanted.into())],
        &Before::was("VersionId", default),
    )?;
    Ok(())
}
