//! `signin:GetSigninToken`.

use crate::call::call;

call! {
    /// Trades temporary credentials for a link that opens the console.
    ///
    /// A thief of an application's keys uses it to get a browser session without any password.
    signin GetSigninToken Uses Account(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
        /// `Success` or `Failure`.
        result: Option<String> = response "GetSigninToken",
        /// `Yes` or `No`, in any case.
        mfa_used: Option<String> = record "additionalEventData.MFAUsed",
        /// Whether the mobile page was used.
        mobile_version: Option<String> = record "additionalEventData.MobileVersion",
    }
}
