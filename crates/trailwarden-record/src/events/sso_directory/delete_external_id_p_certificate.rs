//! `sso-directory:DeleteExternalIdPCertificate`.

use crate::call::call;

call! {
    /// Takes off a certificate by which the outside identity provider signs.
    "sso-directory" DeleteExternalIdPCertificate Deletes IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the provider's configuration.
        configuration_id: Option<String> =
            request "idpConfigurationId"
            or request "externalIdPConfigurationId"
            or request "configurationId",
        /// Id of the certificate.
        certificate_id: Option<String> = request "certificateId",
    }
}
