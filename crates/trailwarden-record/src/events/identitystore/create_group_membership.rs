//! `identitystore:CreateGroupMembership`.

use crate::call::call;

call! {
    /// Makes a person a member of a group, with all assignments of the group.
    identitystore CreateGroupMembership Creates IdentityCenter(group_id) {
        /// Id of the group.
        group_id: Option<String> = request "groupId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId",
        /// Id of the person.
        member_id: Option<String> = request "memberId.userId",
        /// Id of the membership.
        membership_id: Option<String> = response "membershipId",
    }
}
