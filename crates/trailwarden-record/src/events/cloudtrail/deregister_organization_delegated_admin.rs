//! `cloudtrail:DeregisterOrganizationDelegatedAdmin`.

use crate::call::call;

call! {
    /// Takes the administration of the organization's trails from a member account.
    cloudtrail DeregisterOrganizationDelegatedAdmin Detaches Account(delegated_admin_account_id) {
        /// The member account.
        delegated_admin_account_id: Option<String> = request "delegatedAdminAccountId",
    }
}
