//! `iam:AcquireRole`.

use crate::call::call;

call! {
    /// Makes a role from a role template, with the trust and permissions the template holds.
    ///
    /// The request names only the template: what the role may do stands in a document that is not
    /// in the record.
    iam AcquireRole Creates Role(role_name or template_arn) {
        /// Name of the new role, which the template chose.
        role_name: Option<String> = response "role.roleName",
        /// ARN of the template.
        template_arn: Option<String> = request "templateArn",
        /// Version of the template; absent for the newest.
        template_minor_version: Option<i64> = request "templateMinorVersion",
        /// The role's unique id.
        role_id: Option<String> = response "role.roleId",
        /// The role's ARN.
        role_arn: Option<String> = response "role.arn",
        /// Its trust policy as JSON text.
        assume_role_policy_document: Option<String> =
            document "responseElements.role.assumeRolePolicyDocument",
        /// ARN of its permissions boundary.
        permissions_boundary: Option<String> =
            response "role.permissionsBoundary.permissionsBoundaryArn",
    }
}
