//! `sts:GetSessionToken`.

use crate::call::call;

call! {
    /// Starts a session of the calling user, as a rule to add MFA.
    ///
    /// The session outlives the deactivation of the key that made it, and without MFA it cannot
    /// call IAM.
    sts GetSessionToken Uses User(user_name) {
        /// Whose session it is: always the caller's.
        user_name: Option<String> = record "userIdentity.userName" or caller,
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
        /// The MFA device that proved the caller.
        serial_number: Option<String> = request "serialNumber",
        /// The temporary key that later records carry; it leads from them back to here.
        access_key_id: Option<String> = response "credentials.accessKeyId",
        /// When the session ends, as text.
        expiration: Option<String> = response "credentials.expiration",
    }
}
