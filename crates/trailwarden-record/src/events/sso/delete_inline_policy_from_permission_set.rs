//! `sso:DeleteInlinePolicyFromPermissionSet`.

use crate::call::call;

call! {
    /// Deletes the inline policy of a permission set.
    sso DeleteInlinePolicyFromPermissionSet Deletes IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
    }
}
