//! `sso-directory:CreateUser`.

use crate::call::call;

call! {
    /// Makes a person in the built-in directory.
    ///
    /// CloudTrail hides the name.
    "sso-directory" CreateUser Creates IdentityCenter(user_id) {
        /// Id of the new person.
        user_id: Option<String> = response "user.userId" or response "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
    }
}
