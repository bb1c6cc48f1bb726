//! `sts:GetCallerIdentity`.

use crate::call::call;

call! {
    /// Asks whose credentials these are.
    ///
    /// It needs no permission and cannot be denied by policy, so it is what a thief tries first.
    sts GetCallerIdentity Uses Account(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
