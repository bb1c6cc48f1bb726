//! `sso-directory:CreateBearerToken`.

use crate::call::call;

call! {
    /// Makes a token with which an outside directory writes people and groups.
    "sso-directory" CreateBearerToken Creates IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// The provisioning endpoint.
        tenant_id: Option<String> = request "tenantId",
    }
}
