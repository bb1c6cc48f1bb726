//! `sso:CreateAccountAssignment`.

use crate::call::call;

call! {
    /// Gives a person or group a permission set in an account.
    ///
    /// The principal is known by its id only; its name is in the identity store.
    sso CreateAccountAssignment Creates IdentityCenter(permission_set_arn) {
        /// The permission set.
        permission_set_arn: Option<String> = request "permissionSetArn",
        /// The instance of IAM Identity Center.
        instance_arn: Option<String> = request "instanceArn",
        /// The account.
        target_id: Option<String> = request "targetId",
        /// Kind of target.
        target_type: Option<String> = request "targetType",
        /// `USER` or `GROUP`.
        principal_type: Option<String> = request "principalType",
        /// Id of the person or group in the identity store.
        principal_id: Option<String> = request "principalId",
        /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
        status: Option<String> = response "accountAssignmentCreationStatus.status",
        /// Id of the request.
        request_id: Option<String> = response "accountAssignmentCreationStatus.requestId",
    }
}
