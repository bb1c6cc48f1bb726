//! `iam:DisableOutboundWebIdentityFederation`.

use crate::call::call;

call! {
    /// Stops the account from issuing web identity tokens to its principals.
    iam DisableOutboundWebIdentityFederation Detaches Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
