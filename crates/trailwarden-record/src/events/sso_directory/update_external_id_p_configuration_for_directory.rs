//! `sso-directory:UpdateExternalIdPConfigurationForDirectory`.

use crate::call::call;

call! {
    /// Changes the description of the outside identity provider.
    "sso-directory" UpdateExternalIdPConfigurationForDirectory Alters IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the provider's configuration.
        configuration_id: Option<String> =
            request "idpConfigurationId"
            or request "externalIdPConfigurationId"
            or request "configurationId",
    }
}
