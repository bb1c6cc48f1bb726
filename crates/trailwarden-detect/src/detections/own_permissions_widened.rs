//! Whoever made the change may do more by it: himself, through a group, or through a role that he may
//! assume.
//!
//! Told by the effect, so any way counts that leads to more, and none that does not. Another version put
//! in force is `policy-rolled-back-to-wider-version`, one's own boundary
//! `own-permissions-boundary-lifted`.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "own-permissions-widened",
    title: "Principal widened its own permissions",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-SE-01", "TW-SE-02", "TW-SE-03", "TW-SE-05"],
    select: Class::Own.select(),
    attack: &["T1098.003"],
    risk: "Whoever holds these credentials, the owner or a thief, decides alone what they can do next.",
    false_positives: &[
        "An administrator who sets up his own access: that is what a break-glass principal or a second person is for.",
    ],
    remedies: &[
        "detach-policy",
        "narrow-policy",
        "restore-policy-version",
        "remove-from-group",
        "rename-user",
        "restore-policy",
        "rename-group",
        "restore-tags",
        "add-to-group",
    ],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:PutUserPolicy user/mallory allow=*"#,
        r#"mallory iam:AttachUserPolicy user/mallory aws-policy/IAMFullAccess"#,
        r#"admin iam:CreateGroup group/devs
admin iam:AddUserToGroup user/bob group/devs
bob iam:PutGroupPolicy group/devs allow=iam:*"#,
        r#"admin iam:CreateGroup group/admins
admin iam:PutGroupPolicy group/admins allow=iam:PutUserPolicy,s3:*
mallory iam:AddUserToGroup user/mallory group/admins"#,
        r#"role/app iam:PutRolePolicy role/app allow=iam:PassRole,lambda:CreateFunction,lambda:InvokeFunction"#,
        r#"mallory iam:PutUserPolicy user/mallory failed=LimitExceededException allow=*"#,
        r#"admin iam:CreateUser user/mallory
admin iam:PutUserPolicy user/mallory allow=*
admin iam:PutUserPolicy user/mallory named=held deny=iam:*
mallory iam:DeleteUserPolicy user/mallory named=held"#,
        r#"admin iam:CreateUser user/mallory
admin iam:PutUserPolicy user/mallory allow=*
admin iam:CreatePolicy policy/guard deny=iam:*
admin iam:AttachUserPolicy user/mallory policy/guard
mallory iam:DetachUserPolicy user/mallory policy/guard"#,
        r#"admin iam:CreateUser user/mallory
admin iam:PutUserPolicy user/mallory allow=*
admin iam:CreateGroup group/held
admin iam:PutGroupPolicy group/held deny=iam:*
admin iam:AddUserToGroup user/mallory group/held
mallory iam:RemoveUserFromGroup user/mallory group/held"#,
        r#"admin iam:CreateUser user/mallory
admin iam:CreatePolicy policy/team allow=s3:Get*
admin iam:AttachUserPolicy user/mallory policy/team
mallory iam:CreatePolicyVersion policy/team allow=iam:* {"request":{"setAsDefault":true},"response":{"policyVersion":{"versionId":"v2"}}}"#,
        r#"admin iam:CreateUser user/mallory
admin iam:PutUserPolicy user/mallory {"request":{"policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"ops\"}}}]}"}}
mallory iam:TagUser user/mallory {"request":{"tags":[{"key":"team","value":"ops"}]}}"#,
        r#"admin iam:CreateUser user/mallory
admin iam:PutUserPolicy user/mallory allow=iam:AddUserToGroup on=arn:aws:iam::111122223333:group/open/*
admin iam:CreateGroup group/bosses
admin iam:PutGroupPolicy group/bosses allow=*
mallory iam:UpdateGroup group/bosses {"request":{"newPath":"/open/"}}"#,
        r#"admin iam:CreateUser user/mallory
admin iam:PutUserPolicy user/mallory {"request":{"policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::111122223333:user/ops/*\"}}}]}"}}
mallory iam:UpdateUser user/mallory {"request":{"newPath":"/ops/"}}"#,
    ],
    quiet_on: &[
        r#"mallory iam:PutUserPolicy user/mallory allow=s3:GetObject on=arn:aws:s3:::own/*"#,
        r#"mallory iam:PutUserPolicy user/mallory deny=*"#,
        r#"admin iam:PutUserPolicy user/bob allow=*"#,
        r#"mallory iam:PutUserPolicy user/mallory denied"#,
        r#"admin iam:PutUserPolicy user/mallory allow=*
mallory iam:AddUserToGroup user/mallory group/readers"#,
    ],
    logic: Logic::Effect(Class::Own),
};
