//! `iam:UpdateUser`.

use crate::call::call;

call! {
    /// Renames or moves a user, who stays the same user with the same keys.
    ///
    /// Rules that know users by name lose sight of this one; the unique id stays.
    iam UpdateUser Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// The new path.
        new_path: Option<String> = request "newPath",
        /// The new name.
        new_user_name: Option<String> = request "newUserName",
    }
}
