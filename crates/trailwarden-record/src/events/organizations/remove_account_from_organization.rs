//! `organizations:RemoveAccountFromOrganization`.

use crate::call::call;

call! {
    /// Puts a member account out of the organization.
    ///
    /// From then on no service control policy holds for it.
    organizations RemoveAccountFromOrganization Detaches Account(account_id) {
        /// The account.
        account_id: Option<String> = request "accountId",
    }
}
