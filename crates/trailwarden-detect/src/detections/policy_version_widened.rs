//! A version of a managed policy gives its holders more, at once or as soon as it is put in force.
//!
//! Where whoever wrote it gains himself, it is `own-permissions-widened`; where it only drops a Deny or a
//! condition, `deny-or-condition-dropped`.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "policy-version-widened",
    title: "New version of a managed policy gives more",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &[],
    select: Class::Version.select(),
    attack: &["T1098.003"],
    risk: "All that the policy is attached to may do more at once, without any attachment that a reviewer would see.",
    false_positives: &[
        "Provisioning code that gives what it was asked to give: let it write narrower policies, or suppress it for its role.",
    ],
    remedies: &["restore-policy-version", "narrow-policy"],
    needs: Needs::Nothing,
    fires_on: &[r#"admin iam:CreatePolicy policy/team allow=s3:Get*
admin iam:CreateUser user/bob
admin iam:AttachUserPolicy user/bob policy/team
mallory iam:CreatePolicyVersion policy/team allow=s3:Get*,iam:* {"request":{"setAsDefault":true},"response":{"policyVersion":{"versionId":"v2"}}}"#],
    quiet_on: &[r#"admin iam:CreatePolicy policy/team allow=s3:*
admin iam:CreateUser user/bob
admin iam:AttachUserPolicy user/bob policy/team
mallory iam:CreatePolicyVersion policy/team allow=s3:Get* {"request":{"setAsDefault":true},"response":{"policyVersion":{"versionId":"v2"}}}"#],
    logic: Logic::Effect(Class::Version),
};
