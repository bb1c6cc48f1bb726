//! `iam:PutRolePermissionsBoundary`.

use crate::call::call;

call! {
    /// Sets or replaces the permissions boundary of a role.
    ///
    /// A wider boundary frees what the policies already allow; only the documents tell which way it
    /// went.
    iam PutRolePermissionsBoundary Alters Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// ARN of the permissions boundary.
        permissions_boundary: Option<String> = request "permissionsBoundary",
    }
}
