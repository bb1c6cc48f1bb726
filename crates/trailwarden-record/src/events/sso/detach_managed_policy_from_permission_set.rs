//! `sso:DetachManagedPolicyFromPermissionSet`.

use crate::call::call;

call! {
    /// Detaches an AWS managed policy from a permission set.
    sso DetachManagedPolicyFromPermissionSet Detaches IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// ARN of the AWS managed policy.
        managed_policy_arn: Option<String> = request "managedPolicyArn",
    }
}
