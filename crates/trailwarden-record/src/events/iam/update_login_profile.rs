//! `iam:UpdateLoginProfile`.

use crate::call::call;

call! {
    /// Sets a new console password for a user.
    ///
    /// The old password is not asked for: whoever may call this can sign in as that user.
    iam UpdateLoginProfile Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// Whether the user must choose another at the next sign-in.
        password_reset_required: Option<bool> = request "passwordResetRequired",
    }
}
