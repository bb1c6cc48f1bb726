//! `signin:EmailUpdated`.

use crate::call::call;

call! {
    /// Changes the root user's mail address, and with it who can reset the password.
    signin EmailUpdated Alters User(user_name) {
        /// The user concerned, as a rule `root`.
        user_name: Option<String> = caller or record "userIdentity.userName",
        /// `Success` or `Failure`.
        result: Option<String> = response "EmailUpdated",
    }
}
