//! `iam:AttachRolePolicy`.

use crate::call::call;

call! {
    /// Attaches a managed policy to a role.
    ///
    /// Sessions that already run gain the permissions at once.
    iam AttachRolePolicy Alters Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
    }
}
