//! `organizations:RegisterDelegatedAdministrator`.

use crate::call::call;

call! {
    /// Lets a member account administer a service for the whole organization.
    organizations RegisterDelegatedAdministrator Alters Account(account_id) {
        /// The account.
        account_id: Option<String> = request "accountId",
        /// The service.
        service_principal: Option<String> = request "servicePrincipal",
    }
}
