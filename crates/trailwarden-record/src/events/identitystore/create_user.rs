//! `identitystore:CreateUser`.

use crate::call::call;

call! {
    /// Makes a person in the identity store.
    ///
    /// CloudTrail hides the name.
    identitystore CreateUser Creates IdentityCenter(user_id) {
        /// Id of the new person.
        user_id: Option<String> = response "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId",
    }
}
