//! `iam:UpdateRole`.

use crate::call::call;

call! {
    /// Changes the description or the longest session of a role.
    ///
    /// Twelve hours instead of one is twelve times as long for stolen credentials.
    iam UpdateRole Alters Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// Longest session in seconds.
        max_session_duration: Option<i64> = request "maxSessionDuration",
    }
}
