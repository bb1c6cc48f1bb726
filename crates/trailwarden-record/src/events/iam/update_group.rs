//! `iam:UpdateGroup`.

use crate::call::call;

call! {
    /// Renames or moves a group.
    ///
    /// Policies that name the old ARN no longer match.
    iam UpdateGroup Alters Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// The new path.
        new_path: Option<String> = request "newPath",
        /// The new name.
        new_group_name: Option<String> = request "newGroupName",
    }
}
