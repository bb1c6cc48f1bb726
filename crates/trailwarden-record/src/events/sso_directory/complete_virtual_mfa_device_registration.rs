//! `sso-directory:CompleteVirtualMfaDeviceRegistration`.

use crate::call::call;

call! {
    /// Registers an authenticator for a person.
    "sso-directory" CompleteVirtualMfaDeviceRegistration Creates IdentityCenter(user_id or identity_store_id) {
        /// Id of the person.
        user_id: Option<String> = request "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Name of the device.
        device_name: Option<String> = request "deviceName",
    }
}
