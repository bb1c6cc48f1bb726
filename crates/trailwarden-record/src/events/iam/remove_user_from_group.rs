//! `iam:RemoveUserFromGroup`.

use crate::call::call;

call! {
    /// Ends a user's membership in a group.
    ///
    /// If the group held a Deny, this widens what the user may do.
    iam RemoveUserFromGroup Detaches Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// The user.
        user_name: Option<String> = request "userName",
    }
}
