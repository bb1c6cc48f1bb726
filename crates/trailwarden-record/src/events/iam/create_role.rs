//! `iam:CreateRole`.

use crate::call::{Tag, call};

call! {
    /// Makes a role, and says who may assume it.
    iam CreateRole Creates Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// The path in the ARN, `/` when absent.
        path: Option<String> = request "path",
        /// The trust policy as JSON text: who may assume the role.
        assume_role_policy_document: Option<String> =
            request "assumeRolePolicyDocument"
            or document "responseElements.role.assumeRolePolicyDocument",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// Longest session in seconds.
        max_session_duration: Option<i64> = request "maxSessionDuration",
        /// ARN of the permissions boundary.
        permissions_boundary: Option<String> = request "permissionsBoundary",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// The role's unique id.
        role_id: Option<String> = response "role.roleId",
        /// The role's ARN.
        role_arn: Option<String> = response "role.arn",
    }
}
