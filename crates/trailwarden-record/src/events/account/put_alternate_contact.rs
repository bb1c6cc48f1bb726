//! `account:PutAlternateContact`.

use crate::call::call;

call! {
    /// Sets the contact for billing, operations or security.
    ///
    /// Warnings of AWS about the account go there.
    account PutAlternateContact Alters Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
        /// `BILLING`, `OPERATIONS` or `SECURITY`.
        alternate_contact_type: Option<String> = request "AlternateContactType",
    }
}
