//! `sso:DeletePermissionSet`.

use crate::call::call;

call! {
    /// Deletes a permission set that nobody has.
    sso DeletePermissionSet Deletes IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
    }
}
