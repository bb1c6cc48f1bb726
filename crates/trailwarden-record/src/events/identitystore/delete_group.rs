//! `identitystore:DeleteGroup`.

use crate::call::call;

call! {
    /// Deletes a group, and with it every assignment of the group.
    identitystore DeleteGroup Deletes IdentityCenter(group_id) {
        /// Id of the group.
        group_id: Option<String> = request "groupId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId",
    }
}
