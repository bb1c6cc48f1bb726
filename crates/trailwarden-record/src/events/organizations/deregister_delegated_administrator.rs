//! `organizations:DeregisterDelegatedAdministrator`.

use crate::call::call;

call! {
    /// Takes the administration of a service from a member account.
    organizations DeregisterDelegatedAdministrator Detaches Account(account_id) {
        /// The account.
        account_id: Option<String> = request "accountId",
        /// The service.
        service_principal: Option<String> = request "servicePrincipal",
    }
}
