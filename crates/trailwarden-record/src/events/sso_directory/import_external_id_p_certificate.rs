//! `sso-directory:ImportExternalIdPCertificate`.

use crate::call::call;

call! {
    /// Adds a certificate by which the outside identity provider signs.
    ///
    /// Whoever holds the certificate's key can sign in as anybody.
    "sso-directory" ImportExternalIdPCertificate Alters IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the provider's configuration.
        configuration_id: Option<String> =
            request "idpConfigurationId"
            or request "externalIdPConfigurationId"
            or request "configurationId",
    }
}
