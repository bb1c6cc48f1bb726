//! `iam:DeleteAccountPasswordPolicy`.

use crate::call::call;

call! {
    /// Puts the account back to AWS's default rules for passwords.
    iam DeleteAccountPasswordPolicy Deletes Account(account_id) {
        /// The account that changes.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
