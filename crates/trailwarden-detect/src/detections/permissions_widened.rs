//! A policy, an attachment, a tag or a name gives somebody else more than before.
//!
//! Severity is by what was gained: administrator critical, a way to it high, one lower as long as nobody
//! holds it, writing medium or low. Reading is a row among the changes and no finding.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "permissions-widened",
    title: "Permissions of others widened",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-EO-01", "TW-EO-02", "TW-EO-03", "TW-EO-04", "TW-EO-10", "TW-EO-11"],
    select: Class::Widened.select(),
    attack: &["T1098.003"],
    risk: "Whoever holds the principals that gained can now do what is listed, and so can whoever takes them over.",
    false_positives: &[
        "Provisioning code that gives what it was asked to give: let it write narrower policies, or suppress it for its role.",
    ],
    remedies: &[
        "narrow-policy",
        "detach-policy",
        "restore-policy-version",
        "remove-from-group",
        "rename-user",
        "rename-group",
        "restore-tags",
        "add-to-group",
    ],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:PutUserPolicy user/bob allow=*"#,
        r#"admin iam:CreateUser user/bob
admin iam:CreateGroup group/devs
admin iam:AddUserToGroup user/bob group/devs
mallory iam:PutGroupPolicy group/devs allow=i?m:Put?serPolicy"#,
        r#"mallory iam:AttachRolePolicy role/app aws-policy/AWSCloudFormationFullAccess"#,
        r#"mallory iam:CreatePolicy policy/helper allow=iam:*"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob {"request":{"policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"ops\"}}}]}"}}
mallory iam:TagUser user/bob {"request":{"tags":[{"key":"team","value":"ops"}]}}"#,
        r#"admin iam:CreateRole role/app trust=ec2.amazonaws.com {"request":{"permissionsBoundary":"arn:aws:iam::aws:policy/AWSDenyAll"}}
mallory iam:AttachRolePolicy role/app aws-policy/AdministratorAccess"#,
        r#"admin iam:CreateUser user/help
admin iam:PutUserPolicy user/help allow=iam:CreateAccessKey on=arn:aws:iam::111122223333:user/interns/*
admin iam:CreateUser user/boss
admin iam:PutUserPolicy user/boss allow=*
mallory iam:UpdateUser user/boss {"request":{"newPath":"/interns/"}}"#,
        r#"admin iam:CreateUser user/help
admin iam:PutUserPolicy user/help allow=iam:AddUserToGroup on=arn:aws:iam::111122223333:group/open/*
admin iam:CreateGroup group/bosses
admin iam:PutGroupPolicy group/bosses allow=*
mallory iam:UpdateGroup group/bosses {"request":{"newPath":"/open/"}}"#,
        r#"admin iam:CreateUser user/bob
admin iam:TagUser user/bob {"request":{"tags":[{"key":"team","value":"guests"}]}}
admin iam:PutUserPolicy user/bob {"request":{"policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Null\":{\"aws:PrincipalTag/team\":\"true\"}}}]}"}}
mallory iam:UntagUser user/bob {"request":{"tagKeys":["team"]}}"#,
        r#"admin iam:CreateRole role/app trust=ec2.amazonaws.com
admin iam:TagRole role/app {"request":{"tags":[{"key":"team","value":"guests"}]}}
admin iam:PutRolePolicy role/app {"request":{"policyName":"inline","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"ops\"}}}]}"}}
mallory iam:TagRole role/app {"request":{"tags":[{"key":"team","value":"ops"}]}}"#,
    ],
    quiet_on: &[
        r#"mallory iam:PutGroupPolicy group/devs allow=s3:Get*"#,
        r#"mallory iam:PutUserPolicy user/bob allow=s3:GetObject on=arn:aws:s3:::logs/*"#,
        r#"admin iam:CreateUser user/bob
admin iam:PutUserPolicy user/bob denied"#,
        r#"mallory iam:PutUserPolicy user/mallory allow=*"#,
        r#"mallory iam:PutUserPolicy user/bob deny=*"#,
    ],
    logic: Logic::Effect(Class::Widened),
};
