//! `iam:CreateLoginProfile`.

use crate::call::call;

call! {
    /// Gives a user a console password.
    ///
    /// For a user that so far had only keys it opens a second door. Without `userName` it concerns
    /// the caller, which is how a root user gets a password back.
    iam CreateLoginProfile Creates User(user_name) {
        /// The user.
        user_name: Option<String> =
            request "userName" or response "loginProfile.userName" or caller,
        /// Whether the user must choose another at the next sign-in.
        password_reset_required: Option<bool> = request "passwordResetRequired",
    }
}
