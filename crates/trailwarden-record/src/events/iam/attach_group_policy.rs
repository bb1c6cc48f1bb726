//! `iam:AttachGroupPolicy`.

use crate::call::call;

call! {
    /// Attaches a managed policy to a group, and so to every member.
    iam AttachGroupPolicy Alters Group(group_name) {
        /// The group.
        group_name: Option<String> = request "groupName",
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
    }
}
