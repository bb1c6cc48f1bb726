//! `iam:SetDefaultPolicyVersion`.

use crate::call::call;

call! {
    /// Puts another version of a managed policy in force.
    ///
    /// No document is in the record: an old, wider version can come back by its number alone.
    iam SetDefaultPolicyVersion Alters Policy(policy_arn) {
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
        /// The version, such as `v2`.
        version_id: Option<String> = request "versionId",
    }
}
