//! `sso-directory:EnableExternalIdPConfigurationForDirectory`.

use crate::call::call;

call! {
    /// Lets an outside identity provider sign people in.
    ///
    /// From then on that provider decides who is who in every account.
    "sso-directory" EnableExternalIdPConfigurationForDirectory Alters IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the provider's configuration.
        configuration_id: Option<String> =
            request "idpConfigurationId"
            or request "externalIdPConfigurationId"
            or request "configurationId",
    }
}
