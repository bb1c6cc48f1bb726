//! `iam:DeleteRolePermissionsBoundary`.

use crate::call::call;

call! {
    /// Takes the permissions boundary off a role, which may then do all its policies allow.
    iam DeleteRolePermissionsBoundary Deletes Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
    }
}
