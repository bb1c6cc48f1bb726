//! `account:CloseAccount`.

use crate::call::call;

call! {
    /// Closes the account.
    account CloseAccount Deletes Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
    }
}
