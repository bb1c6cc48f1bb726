//! `iam:UpdateRoleDescription`.

use crate::call::call;

call! {
    /// Changes the description of a role.
    iam UpdateRoleDescription Alters Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// The role's unique id.
        role_id: Option<String> = response "role.roleId",
        /// The role's ARN.
        role_arn: Option<String> = response "role.arn",
    }
}
