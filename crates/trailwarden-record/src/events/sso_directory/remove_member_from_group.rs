//! `sso-directory:RemoveMemberFromGroup`.

use crate::call::call;

call! {
    /// Ends a person's membership in a group.
    "sso-directory" RemoveMemberFromGroup Detaches IdentityCenter(group_id) {
        /// Id of the group.
        group_id: Option<String> = request "groupId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the person.
        member_id: Option<String> = request "member.memberId" or request "memberId",
    }
}
