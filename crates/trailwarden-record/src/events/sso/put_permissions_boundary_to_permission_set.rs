//! `sso:PutPermissionsBoundaryToPermissionSet`.

use crate::call::call;

call! {
    /// Sets the permissions boundary of a permission set.
    sso PutPermissionsBoundaryToPermissionSet Alters IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// Name of the policy that each account must have.
        policy_name: Option<String> =
            request "permissionsBoundary.customerManagedPolicyReference.name",
        /// Path of that policy.
        policy_path: Option<String> =
            request "permissionsBoundary.customerManagedPolicyReference.path",
        /// ARN of the AWS managed policy.
        managed_policy_arn: Option<String> = request "permissionsBoundary.managedPolicyArn",
    }
}
