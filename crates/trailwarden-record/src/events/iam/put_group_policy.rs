//! `iam:PutGroupPolicy`.

use crate::call::call;

call! {
    /// Adds an inline policy to a group, or replaces the one of the same name.
    iam PutGroupPolicy Alters Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// Name of the inline policy.
        policy_name: Option<String> = request "policyName",
        /// The policy as JSON text; whoever wrote it chose its white space.
        policy_document: Option<String> = request "policyDocument",
    }
}
