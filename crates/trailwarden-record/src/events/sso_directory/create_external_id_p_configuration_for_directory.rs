//! `sso-directory:CreateExternalIdPConfigurationForDirectory`.

use crate::call::call;

call! {
    /// Describes an outside identity provider for IAM Identity Center.
    "sso-directory" CreateExternalIdPConfigurationForDirectory Creates IdentityCenter(identity_store_id) {
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
    }
}
