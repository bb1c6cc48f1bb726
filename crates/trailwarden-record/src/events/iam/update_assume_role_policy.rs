//! `iam:UpdateAssumeRolePolicy`.

use crate::call::call;

call! {
    /// Replaces the trust policy of a role: who may assume it.
    ///
    /// The old trust is not in the record. A principal that the document names must exist, so a
    /// failed call tells the caller who does not.
    iam UpdateAssumeRolePolicy Alters Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// The policy as JSON text; whoever wrote it chose its white space.
        policy_document: Option<String> = request "policyDocument",
    }
}
