//! `account:AcceptPrimaryEmailUpdate`.

use crate::call::call;

call! {
    /// Completes the change of the root user's mail address with the mailed code.
    ///
    /// Whoever owns the new mailbox can reset the root password.
    account AcceptPrimaryEmailUpdate Alters Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
        /// `PENDING` or `ACCEPTED`.
        status: Option<String> = response "status",
    }
}
