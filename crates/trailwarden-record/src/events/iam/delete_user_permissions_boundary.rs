//! `iam:DeleteUserPermissionsBoundary`.

use crate::call::call;

call! {
    /// Takes the permissions boundary off a user, who may then do all the policies allow.
    iam DeleteUserPermissionsBoundary Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
    }
}
