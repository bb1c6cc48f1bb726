//! `organizations:LeaveOrganization`.

use crate::call::call;

call! {
    /// Takes the calling account out of its organization.
    ///
    /// From then on no service control policy holds, and the organization's trail stops for it.
    organizations LeaveOrganization Detaches Account(account_id) {
        /// The account concerned.
        account_id: Option<String> = record "recipientAccountId" or record "userIdentity.accountId",
    }
}
