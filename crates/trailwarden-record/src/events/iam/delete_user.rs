//! `iam:DeleteUser`.

use crate::call::call;

call! {
    /// Deletes a user who has nothing left.
    ///
    /// Keys, password, devices, policies and groups must be gone first, so earlier calls tell the
    /// story.
    iam DeleteUser Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
    }
}
