//! `organizations:DeleteOrganization`.

use crate::call::call;

call! {
    /// Deletes the organization.
    organizations DeleteOrganization Deletes Organization(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
