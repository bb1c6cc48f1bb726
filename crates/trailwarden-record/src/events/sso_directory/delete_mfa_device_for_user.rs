//! `sso-directory:DeleteMfaDeviceForUser`.

use crate::call::call;

call! {
    /// Takes an MFA device from a person.
    ///
    /// The next sign-in may register another one, or ask for none.
    "sso-directory" DeleteMfaDeviceForUser Deletes IdentityCenter(user_id) {
        /// Id of the person.
        user_id: Option<String> = request "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the device.
        device_id: Option<String> = request "deviceId" or request "mfaDeviceId",
    }
}
