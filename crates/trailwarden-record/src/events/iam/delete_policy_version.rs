//! `iam:DeletePolicyVersion`.

use crate::call::call;

call! {
    /// Deletes a version of a managed policy that is not in force.
    ///
    /// It can remove the evidence of what a policy allowed for a while.
    iam DeletePolicyVersion Deletes Policy(policy_arn) {
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
        /// The version, such as `v2`.
        version_id: Option<String> = request "versionId",
    }
}
