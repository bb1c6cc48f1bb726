//! `iam:PutUserPermissionsBoundary`.

use crate::call::call;

call! {
    /// Sets or replaces the permissions boundary of a user.
    ///
    /// A wider boundary frees what the policies already allow; only the documents tell which way it
    /// went.
    iam PutUserPermissionsBoundary Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// ARN of the permissions boundary.
        permissions_boundary: Option<String> = request "permissionsBoundary",
    }
}
