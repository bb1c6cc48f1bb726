//! `sso:DeleteAccountAssignment`.

use crate::call::call;

call! {
    /// Takes a permission set in an account from a person or group.
    ///
    /// Sessions that already run go on.
    sso DeleteAccountAssignment Deletes IdentityCenter(permission_set_arn) {
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
        status: Option<String> = response "accountAssignmentDeletionStatus.status",
        /// Id of the request.
        request_id: Option<String> = response "accountAssignmentDeletionStatus.requestId",
    }
}
