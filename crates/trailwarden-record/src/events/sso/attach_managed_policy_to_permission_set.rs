//! `sso:AttachManagedPolicyToPermissionSet`.

use crate::call::call;

call! {
    /// Attaches an AWS managed policy to a permission set.
    sso AttachManagedPolicyToPermissionSet Alters IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// ARN of the AWS managed policy.
        managed_policy_arn: Option<String> = request "managedPolicyArn",
    }
}
