//! `signin:PasswordUpdated`.

use crate::call::call;

call! {
    /// Changes the root password.
    signin PasswordUpdated Alters User(user_name) {
        /// The user concerned, as a rule `root`.
        user_name: Option<String> = caller or record "userIdentity.userName",
        /// `Success` or `Failure`.
        result: Option<String> = response "PasswordUpdated",
    }
}
