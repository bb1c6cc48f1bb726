//! `iam:DeleteGroup`.

use crate::call::call;

call! {
    /// Deletes a group that has no members and no policies.
    iam DeleteGroup Deletes Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
    }
}
