//! Somebody gets a permission set in an account, or joins a group of the directory that has one.
//!
//! Severity is by what the permission set holds. One whose content no record showed is low, with the
//! unknown named: one finding for the set, however many get it.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "permission-set-assigned",
    title: "Strong permission set assigned",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-IC-01", "TW-IC-04"],
    select: Class::Assigned.select(),
    attack: &["T1098.003"],
    risk: "The person, or each member of the group, can enter the account with all that the permission set holds.",
    false_positives: &[
        "Joiner automation that assigns what a request asked for: the request names it.",
    ],
    remedies: &["remove-account-assignment"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"admin sso:CreatePermissionSet {"request":{"name":"Admin","instanceArn":"arn:aws:sso:::instance/ssoins-1"},"response":{"permissionSet":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","name":"Admin"}}}
admin sso:AttachManagedPolicyToPermissionSet {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","managedPolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}
mallory sso:CreateAccountAssignment {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","targetId":"111122223333","targetType":"AWS_ACCOUNT","principalType":"USER","principalId":"u-1","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}"#,
        r#"mallory sso:CreateAccountAssignment {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-9","targetId":"111122223333","targetType":"AWS_ACCOUNT","principalType":"USER","principalId":"u-1","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}"#,
    ],
    quiet_on: &[
        r#"admin sso:CreatePermissionSet {"request":{"name":"Read","instanceArn":"arn:aws:sso:::instance/ssoins-1"},"response":{"permissionSet":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","name":"Read"}}}
admin sso:AttachManagedPolicyToPermissionSet {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","managedPolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}
mallory sso:CreateAccountAssignment {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","targetId":"111122223333","targetType":"AWS_ACCOUNT","principalType":"USER","principalId":"u-1","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}"#,
    ],
    logic: Logic::Effect(Class::Assigned),
};
