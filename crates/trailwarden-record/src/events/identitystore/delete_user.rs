//! `identitystore:DeleteUser`.

use crate::call::call;

call! {
    /// Deletes a person.
    identitystore DeleteUser Deletes IdentityCenter(user_id) {
        /// Id of the person in the identity store.
        user_id: Option<String> = request "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId",
    }
}
