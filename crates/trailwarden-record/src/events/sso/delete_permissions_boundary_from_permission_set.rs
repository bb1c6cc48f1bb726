//! `sso:DeletePermissionsBoundaryFromPermissionSet`.

use crate::call::call;

call! {
    /// Takes the permissions boundary off a permission set.
    sso DeletePermissionsBoundaryFromPermissionSet Deletes IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
    }
}
