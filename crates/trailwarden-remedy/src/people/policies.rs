//! Reading a policy and writing it narrower, by what kind of policy it is: each has calls of its own.

use super::{ByHand, row};

const ID: &str = "read-the-policy";
const TITLE: &str = "Read a policy";
const WHY: &str = "only who knows what it is used for can say what should be left";

/// What a person does about a policy, by the kind of thing that a finding names.
#[must_use]
pub fn for_policy(kind: Option<&str>) -> Option<&'static ByHand> {
    let at = ["policy", "inline_policy", "trust_policy"].iter().position(|one| Some(*one) == kind);
    ALL.get(at?)
}

pub(super) static ALL: [ByHand; 3] = [
    row(
        ID,
        TITLE,
        WHY,
        &[
            "Keep the document as AWS holds it now: `aws iam get-policy --policy-arn {arn} --query Policy.DefaultVersionId` names the version in force, then `aws iam get-policy-version --policy-arn {arn} --version-id {version} --query PolicyVersion.Document > present.json`. In the console: IAM > Policies > the policy > Permissions.",
            "What is wrong with it: `trailwarden lint present.json`. Who holds it: `aws iam list-entities-for-policy --policy-arn {arn}`.",
            "What {policy_holder} used of it: `trailwarden least-privilege {policy_holder} --logs PATH --baseline FILE`, which makes a plan with its undo. Ask the owner for rare work, which is not in the logs.",
            "Write it narrower in a copy, and set that: `aws iam create-policy-version --policy-arn {arn} --policy-document file://new.json --set-as-default`; `aws iam set-default-policy-version --policy-arn {arn} --version-id {version}` takes it back. Of five versions one must go before: `aws iam delete-policy-version --policy-arn {arn} --version-id OLDEST_VERSION`.",
            "Look in the logs for calls that are refused now.",
        ],
    ),
    row(
        ID,
        TITLE,
        WHY,
        &[
            "Keep the document as AWS holds it now: `aws iam get-{kind}-policy --{kind}-name {holder} --policy-name {policy} --query PolicyDocument > present.json`. In the console: IAM > the user, group or role > Permissions > the policy.",
            "What is wrong with it: `trailwarden lint present.json`. What was used of it: `trailwarden least-privilege {holder} --logs PATH --baseline FILE`, which makes a plan with its undo; of a group, ask for each member.",
            "Write it narrower in a copy, and put that in its place: `aws iam put-{kind}-policy --{kind}-name {holder} --policy-name {policy} --policy-document file://new.json`; the same with `file://present.json` takes it back.",
            "Look in the logs for calls that are refused now.",
        ],
    ),
    row(
        ID,
        TITLE,
        WHY,
        &[
            "Keep the trust policy as AWS holds it now: `aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument > present.json`. In the console: IAM > Roles > the role > Trust relationships.",
            "What is wrong with it: `trailwarden lint present.json`. Who entered the role: the records of `AssumeRole`, `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity` for it in the logs.",
            "Write it narrower in a copy, and set that: `aws iam update-assume-role-policy --role-name {name} --policy-document file://new.json`; the same with `file://present.json` takes it back.",
            "Sessions that exist live on until they end. Look in the logs for whom the role refuses now.",
        ],
    ),
];
