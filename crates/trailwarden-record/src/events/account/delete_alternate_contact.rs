//! `account:DeleteAlternateContact`.

use crate::call::call;

call! {
    /// Deletes the contact for billing, operations or security.
    account DeleteAlternateContact Deletes Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
        /// `BILLING`, `OPERATIONS` or `SECURITY`.
        alternate_contact_type: Option<String> = request "AlternateContactType",
    }
}
