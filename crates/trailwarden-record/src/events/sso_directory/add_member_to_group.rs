//! `sso-directory:AddMemberToGroup`.

use crate::call::call;

call! {
    /// Makes a person a member of a group, with all assignments of the group.
    "sso-directory" AddMemberToGroup Alters IdentityCenter(group_id) {
        /// Id of the group.
        group_id: Option<String> = request "groupId",
        /// The identity store.
        identity_store_id: Option<String> = request "identityStoreId" or request "directoryId",
        /// Id of the person.
        member_id: Option<String> = request "member.memberId" or request "memberId",
    }
}
