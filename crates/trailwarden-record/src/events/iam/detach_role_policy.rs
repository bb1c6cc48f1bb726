//! `iam:DetachRolePolicy`.

use crate::call::call;

call! {
    /// Detaches a managed policy from a role.
    ///
    /// If the policy held a Deny, this widens what the role may do.
    iam DetachRolePolicy Detaches Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
    }
}
