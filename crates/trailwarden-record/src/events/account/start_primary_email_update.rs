//! `account:StartPrimaryEmailUpdate`.

use crate::call::call;

call! {
    /// Begins to change the root user's mail address of a member account.
    account StartPrimaryEmailUpdate Alters Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
        /// `PENDING` or `ACCEPTED`.
        status: Option<String> = response "status",
    }
}
