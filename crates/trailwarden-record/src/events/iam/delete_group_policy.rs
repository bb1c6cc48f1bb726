//! `iam:DeleteGroupPolicy`.

use crate::call::call;

call! {
    /// Deletes an inline policy of a group.
    ///
    /// If the policy held a Deny, this widens what the members may do.
    iam DeleteGroupPolicy Deletes Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// Name of the policy.
        policy_name: Option<String> = request "policyName",
    }
}
