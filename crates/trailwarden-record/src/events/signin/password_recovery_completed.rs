//! `signin:PasswordRecoveryCompleted`.

use crate::call::call;

call! {
    /// Sets a new root password through the mail.
    ///
    /// It proves control of the root user's mailbox and nothing else.
    signin PasswordRecoveryCompleted Alters User(user_name) {
        /// The user concerned, as a rule `root`.
        user_name: Option<String> = caller or record "userIdentity.userName",
        /// `Success` or `Failure`.
        result: Option<String> = response "PasswordRecoveryCompleted",
    }
}
