//! `sso:ProvisionPermissionSet`.

use crate::call::call;

call! {
    /// Brings the roles of a permission set in line with it, in one account or all.
    sso ProvisionPermissionSet Alters IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// The account; absent for all.
        target_id: Option<String> = request "targetId",
        /// Kind of target.
        target_type: Option<String> = request "targetType",
        /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
        status: Option<String> = response "permissionSetProvisioningStatus.status",
    }
}
