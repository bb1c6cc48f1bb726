//! `sso-directory:DeleteExternalIdPConfigurationForDirectory`.

use crate::call::call;

call! {
    /// Deletes the description of an outside identity provider.
    "sso-directory" DeleteExternalIdPConfigurationForDirectory Deletes IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the provider's configuration.
        configuration_id: Option<String> =
            request "idpConfigurationId"
            or request "externalIdPConfigurationId"
            or request "configurationId",
    }
}
