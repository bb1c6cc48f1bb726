//! `identitystore:DeleteGroupMembership`.

use crate::call::call;

call! {
    /// Ends a membership, named by its own id only.
    identitystore DeleteGroupMembership Deletes IdentityCenter(membership_id) {
        /// Id of the membership.
        membership_id: Option<String> = request "membershipId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId",
    }
}
