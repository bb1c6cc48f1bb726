//! `iam:AddUserToGroup`.

use crate::call::call;

call! {
    /// Makes a user a member of a group, with everything the group may do.
    ///
    /// AWS authorizes this call on the group; a refusal names the group and not the user.
    iam AddUserToGroup Alters Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// The user.
        user_name: Option<String> = request "userName",
    }
}
