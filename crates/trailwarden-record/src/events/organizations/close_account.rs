//! `organizations:CloseAccount`.

use crate::call::call;

call! {
    /// Closes a member account; after ninety days it is gone for good.
    organizations CloseAccount Deletes Account(account_id) {
        /// The account.
        account_id: Option<String> = request "accountId",
    }
}
