//! `sso:DetachCustomerManagedPolicyReferenceFromPermissionSet`.

use crate::call::call;

call! {
    /// Detaches a policy of each account, by name, from a permission set.
    sso DetachCustomerManagedPolicyReferenceFromPermissionSet Detaches IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// Name of the policy that each account must have.
        policy_name: Option<String> = request "customerManagedPolicyReference.name",
        /// Its path.
        policy_path: Option<String> = request "customerManagedPolicyReference.path",
    }
}
