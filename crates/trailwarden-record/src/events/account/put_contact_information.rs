//! `account:PutContactInformation`.

use crate::call::call;

call! {
    /// Replaces the primary contact of an account.
    ///
    /// AWS support trusts this contact when somebody says they lost access.
    account PutContactInformation Alters Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
    }
}
