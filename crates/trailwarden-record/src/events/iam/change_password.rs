//! `iam:ChangePassword`.

use crate::call::call;

call! {
    /// Changes the console password of the user who calls.
    iam ChangePassword Alters User(user_name) {
        /// Whose password changed: always the caller's.
        user_name: Option<String> = record "userIdentity.userName" or caller,
    }
}
