//! `iam:DeleteRolePolicy`.

use crate::call::call;

call! {
    /// Deletes an inline policy of a role.
    ///
    /// If the policy held a Deny, this widens what the role may do.
    iam DeleteRolePolicy Deletes Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// Name of the policy.
        policy_name: Option<String> = request "policyName",
    }
}
