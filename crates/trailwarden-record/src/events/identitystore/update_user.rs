//! `identitystore:UpdateUser`.

use crate::call::call;

call! {
    /// Changes attributes of a person.
    ///
    /// A new mail address or name can lead to another person's sign-in.
    identitystore UpdateUser Alters IdentityCenter(user_id) {
        /// Id of the person in the identity store.
        user_id: Option<String> = request "userId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId",
        /// Which attributes change.
        attributes: Vec<String> = request "operations.attributePath",
    }
}
