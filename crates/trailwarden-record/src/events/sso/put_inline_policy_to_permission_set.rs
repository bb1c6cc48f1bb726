//! `sso:PutInlinePolicyToPermissionSet`.

use crate::call::call;

call! {
    /// Sets the inline policy of a permission set.
    ///
    /// It takes effect in every account where the permission set is provisioned.
    sso PutInlinePolicyToPermissionSet Alters IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// The policy as JSON text.
        inline_policy: Option<String> = request "inlinePolicy",
    }
}
