//! `iam:DetachGroupPolicy`.

use crate::call::call;

call! {
    /// Detaches a managed policy from a group.
    ///
    /// If the policy held a Deny, this widens what the members may do.
    iam DetachGroupPolicy Detaches Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
    }
}
