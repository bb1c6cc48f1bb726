//! `sso:UpdatePermissionSet`.

use crate::call::call;

call! {
    /// Changes the session length, description or landing page of a permission set.
    sso UpdatePermissionSet Alters IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// Longest session, such as `PT8H`; for a delegation in seconds.
        session_duration: Option<String> = request "sessionDuration",
        /// The page that a session opens with.
        relay_state: Option<String> = request "relayState",
    }
}
