//! A trust policy lets principals of our own accounts into a role that may do more than they.
//!
//! Strangers have detections of their own: `role-trusts-foreign-account`, `role-trusts-anyone` and
//! `role-trusts-strangers-tokens`. Those that none of them tells, because a condition says who they are,
//! are told here.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "role-opened-to-more-principals",
    title: "Role opened to more principals",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &[],
    select: Class::Opened.select(),
    attack: &["T1098.003"],
    risk: "Whoever may enter the role can do all that it can, and the role's policies need not change for it.",
    false_positives: &["A team that takes over a role: look at who can still enter it besides."],
    remedies: &["remove-trust"],
    needs: Needs::Nothing,
    fires_on: &[r#"admin iam:CreateRole role/admin trust=ec2.amazonaws.com
admin iam:AttachRolePolicy role/admin aws-policy/AdministratorAccess
admin iam:CreateUser user/bob
mallory iam:UpdateAssumeRolePolicy role/admin trust=arn:aws:iam::111122223333:user/bob"#],
    quiet_on: &[
        r#"admin iam:CreateRole role/app trust=ec2.amazonaws.com
admin iam:AttachRolePolicy role/app aws-policy/ReadOnlyAccess
admin iam:CreateUser user/bob
mallory iam:UpdateAssumeRolePolicy role/app trust=arn:aws:iam::111122223333:user/bob"#,
        r#"admin iam:CreateRole role/app trust=lambda.amazonaws.com"#,
        r#"admin iam:CreateRole role/admin trust=arn:aws:iam::111122223333:user/bob
admin iam:AttachRolePolicy role/admin aws-policy/AdministratorAccess
mallory iam:UpdateAssumeRolePolicy role/admin trust=arn:aws:iam::111122223333:user/bob"#,
    ],
    logic: Logic::Effect(Class::Opened),
};
