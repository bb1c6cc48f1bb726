//! `sso:CreatePermissionSet`.

use crate::call::{Tag, call};

call! {
    /// Makes a permission set that nobody has yet.
    sso CreatePermissionSet Creates IdentityCenter(permission_set_arn or name) {
        /// ARN of the new permission set.
        permission_set_arn: Option<String> = response "permissionSet.permissionSetArn",
        /// Name of the permission set.
        name: Option<String> = request "name",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// Longest session, such as `PT8H`; for a delegation in seconds.
        session_duration: Option<String> = request "sessionDuration",
        /// The page that a session opens with.
        relay_state: Option<String> = request "relayState",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
