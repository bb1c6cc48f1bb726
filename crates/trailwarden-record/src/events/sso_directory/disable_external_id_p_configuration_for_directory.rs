//! `sso-directory:DisableExternalIdPConfigurationForDirectory`.

use crate::call::call;

call! {
    /// Stops an outside identity provider from signing people in.
    "sso-directory" DisableExternalIdPConfigurationForDirectory Detaches IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the provider's configuration.
        configuration_id: Option<String> =
            request "idpConfigurationId"
            or request "externalIdPConfigurationId"
            or request "configurationId",
    }
}
