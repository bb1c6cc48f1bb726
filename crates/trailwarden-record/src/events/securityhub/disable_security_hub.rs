//! `securityhub:DisableSecurityHub`.

use crate::call::call;

call! {
    /// Switches Security Hub off in a region; findings are deleted.
    securityhub DisableSecurityHub Deletes Account(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
