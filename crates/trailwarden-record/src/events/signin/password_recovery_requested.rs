//! `signin:PasswordRecoveryRequested`.

use crate::call::call;

call! {
    /// Asks for a mail to reset the root password.
    ///
    /// Whoever reads that mailbox owns the account.
    signin PasswordRecoveryRequested Uses User(user_name) {
        /// The user concerned, as a rule `root`.
        user_name: Option<String> = caller or record "userIdentity.userName",
        /// `Success` or `Failure`.
        result: Option<String> = response "PasswordRecoveryRequested",
    }
}
