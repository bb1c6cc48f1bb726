//! `sso-directory:StartVirtualMfaDeviceRegistration`.

use crate::call::call;

call! {
    /// Begins to register an authenticator for a person.
    "sso-directory" StartVirtualMfaDeviceRegistration Alters IdentityCenter(user_id or identity_store_id) {
        /// Id of the person.
        user_id: Option<String> = request "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
    }
}
