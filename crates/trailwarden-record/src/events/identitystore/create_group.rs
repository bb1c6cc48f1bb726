//! `identitystore:CreateGroup`.

use crate::call::call;

call! {
    /// Makes an empty group.
    identitystore CreateGroup Creates IdentityCenter(group_id) {
        /// Id of the new group.
        group_id: Option<String> = response "groupId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId",
    }
}
