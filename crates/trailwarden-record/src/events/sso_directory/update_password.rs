//! `sso-directory:UpdatePassword`.

use crate::call::call;

call! {
    /// Sets a person's password, or mails a link to do so.
    ///
    /// An administrator can get a one-time password to sign in as that person.
    "sso-directory" UpdatePassword Alters IdentityCenter(user_id) {
        /// Id of the person.
        user_id: Option<String> = request "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// `OTP` or `EMAIL`.
        password_mode: Option<String> = request "passwordMode",
    }
}
