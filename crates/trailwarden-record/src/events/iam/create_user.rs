//! `iam:CreateUser`.

use crate::call::{Tag, call};

call! {
    /// Makes a user without credentials or permissions.
    iam CreateUser Creates User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// The path in the ARN, `/` when absent.
        path: Option<String> = request "path",
        /// ARN of the permissions boundary.
        permissions_boundary: Option<String> = request "permissionsBoundary",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// The user's unique id, which no later user of that name gets.
        user_id: Option<String> = response "user.userId",
        /// The user's ARN.
        user_arn: Option<String> = response "user.arn",
    }
}
