//! `iam:CreateServiceLinkedRole`.

use crate::call::call;

call! {
    /// Makes the role that an AWS service uses in the account.
    ///
    /// The service defines its permissions; nobody in the account can change them.
    iam CreateServiceLinkedRole Creates Role(role_name or aws_service_name) {
        /// Name of the new role.
        role_name: Option<String> = response "role.roleName",
        /// The service, such as `autoscaling.amazonaws.com`.
        aws_service_name: Option<String> = request "aWSServiceName",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// End of the role's name.
        custom_suffix: Option<String> = request "customSuffix",
        /// The role's unique id.
        role_id: Option<String> = response "role.roleId",
        /// The role's ARN.
        role_arn: Option<String> = response "role.arn",
        /// Its trust policy as JSON text.
        assume_role_policy_document: Option<String> =
            document "responseElements.role.assumeRolePolicyDocument",
    }
}
