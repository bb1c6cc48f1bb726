//! `iam:PutRolePolicy`.

use crate::call::call;

call! {
    /// Adds an inline policy to a role, or replaces the one of the same name.
    iam PutRolePolicy Alters Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// Name of the policy.
        policy_name: Option<String> = request "policyName",
        /// The policy as JSON text; whoever wrote it chose its white space.
        policy_document: Option<String> = request "policyDocument",
    }
}
