//! `cloudtrail:RegisterOrganizationDelegatedAdmin`.

use crate::call::call;

call! {
    /// Makes a member account the administrator of the organization's trails.
    cloudtrail RegisterOrganizationDelegatedAdmin Alters Account(member_account_id) {
        /// The member account.
        member_account_id: Option<String> = request "memberAccountId",
    }
}
