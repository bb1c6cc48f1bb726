//! A permission set of Identity Center holds more, in all accounts where somebody has it.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "permission-set-widened",
    title: "Permission set gives more",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-IC-02"],
    select: Class::PermissionSet.select(),
    attack: &["T1098.003"],
    risk: "Everybody who has the permission set may do more, in every account where it is provisioned.",
    false_positives: &[
        "Provisioning code that gives what it was asked to give: let it write narrower policies, or suppress it for its role.",
    ],
    remedies: &["narrow-permission-set"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"admin sso:CreatePermissionSet {"request":{"name":"Ops","instanceArn":"arn:aws:sso:::instance/ssoins-1"},"response":{"permissionSet":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","name":"Ops"}}}
admin sso:CreateAccountAssignment {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","targetId":"111122223333","targetType":"AWS_ACCOUNT","principalType":"GROUP","principalId":"g-1","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}
mallory sso:PutInlinePolicyToPermissionSet allow=iam:* {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}"#,
    ],
    quiet_on: &[
        r#"admin sso:CreatePermissionSet {"request":{"name":"Ops","instanceArn":"arn:aws:sso:::instance/ssoins-1"},"response":{"permissionSet":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","name":"Ops"}}}
admin sso:PutInlinePolicyToPermissionSet allow=s3:Get* {"request":{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","instanceArn":"arn:aws:sso:::instance/ssoins-1"}}"#,
    ],
    logic: Logic::Effect(Class::PermissionSet),
};
