//! `sso-directory:UpdateMfaDeviceForUser`.

use crate::call::call;

call! {
    /// Renames a person's MFA device.
    "sso-directory" UpdateMfaDeviceForUser Alters IdentityCenter(user_id) {
        /// Id of the person.
        user_id: Option<String> = request "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the device.
        device_id: Option<String> = request "deviceId" or request "mfaDeviceId",
        /// New name of the device.
        device_name: Option<String> = request "deviceName",
    }
}
