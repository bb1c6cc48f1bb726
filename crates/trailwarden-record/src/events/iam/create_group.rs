//! `iam:CreateGroup`.

use crate::call::call;

call! {
    /// Makes an empty group.
    iam CreateGroup Creates Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// The path in the ARN, `/` when absent.
        path: Option<String> = request "path",
        /// The group's unique id.
        group_id: Option<String> = response "group.groupId",
        /// The group's ARN.
        group_arn: Option<String> = response "group.arn",
    }
}
