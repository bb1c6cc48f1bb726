//! A change allows nothing new, and yet gives more: what held it back is gone.
//!
//! A Deny that was removed or narrowed, a condition that was dropped, a policy of denials that was taken
//! off. Documents get shorter by it, so nothing but a comparison of what they allow shows it. A policy
//! that held a compromised principal is `quarantine-lifted`.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "deny-or-condition-dropped",
    title: "Deny or condition dropped",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-EO-06", "TW-EO-07"],
    select: Class::Released.select(),
    attack: &["T1098.003", "T1562.001"],
    risk: "The guard was put there against what is possible now; that it is gone shows nowhere but in this one change.",
    false_positives: &[
        "A guard that moved into another policy: the effect counts both, so put the new one in place before the old one goes.",
    ],
    remedies: &[
        "restore-policy-version",
        "restore-policy",
        "add-to-group",
        "restore-tags",
        "narrow-policy",
    ],
    needs: Needs::Nothing,
    fires_on: &[
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=* deny=iam:*
mallory iam:PutUserPolicy user/bob allow=*"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob {"request":{"policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}}]}"}}
mallory iam:PutUserPolicy user/bob allow=*"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=*
admin iam:CreatePolicy policy/guard deny=iam:*
admin iam:AttachUserPolicy user/bob policy/guard
mallory iam:DetachUserPolicy user/bob policy/guard"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=*
admin iam:PutUserPolicy user/bob named=held deny=iam:*
mallory iam:DeleteUserPolicy user/bob named=held"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=*
admin iam:CreateGroup group/held
admin iam:PutGroupPolicy group/held deny=iam:*
admin iam:AddUserToGroup user/bob group/held
mallory iam:RemoveUserFromGroup user/bob group/held"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=*
admin iam:CreatePolicy policy/guard deny=iam:*
admin iam:AttachUserPolicy user/bob policy/guard
mallory iam:CreatePolicyVersion policy/guard deny=s3:* {"request":{"setAsDefault":true},"response":{"policyVersion":{"versionId":"v2"}}}"#,
    ],
    quiet_on: &[
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=s3:Get* deny=iam:*
mallory iam:PutUserPolicy user/bob allow=s3:Get*"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob allow=*
mallory iam:PutUserPolicy user/bob allow=* deny=iam:*"#,
        r#"mallory iam:DetachUserPolicy user/bob aws-policy/ReadOnlyAccess"#,
    ],
    logic: Logic::Effect(Class::Released),
};
