//! `signin:ConsoleLogin`.

use crate::call::call;

call! {
    /// Signs in to the console.
    ///
    /// A failure has an `errorMessage` and no `errorCode`. Sign-ins of root are logged in another
    /// region than those of users.
    signin ConsoleLogin Uses Account(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// `Success` or `Failure`.
        result: Option<String> = response "ConsoleLogin",
        /// The IAM user, or `root`; absent for role sessions.
        user_name: Option<String> = caller or record "userIdentity.userName",
        /// `Yes` or `No`, in any case.
        mfa_used: Option<String> = record "additionalEventData.MFAUsed",
        /// The MFA device, when one was used.
        mfa_identifier: Option<String> = record "additionalEventData.MFAIdentifier",
        /// Whether the mobile page was used.
        mobile_version: Option<String> = record "additionalEventData.MobileVersion",
        /// The page behind the sign-in.
        login_to: Option<String> = record "additionalEventData.LoginTo",
    }
}
