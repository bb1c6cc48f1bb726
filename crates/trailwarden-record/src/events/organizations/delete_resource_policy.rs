//! `organizations:DeleteResourcePolicy`.

use crate::call::call;

call! {
    /// Deletes the policy that lets member accounts manage the organization itself.
    organizations DeleteResourcePolicy Deletes Organization(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
