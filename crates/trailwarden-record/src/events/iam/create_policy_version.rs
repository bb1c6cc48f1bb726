//! `iam:CreatePolicyVersion`.

use crate::call::call;

call! {
    /// Adds a version to a managed policy.
    ///
    /// With `setAsDefault` everyone who holds the policy has the new permissions at once. Without
    /// it nothing changes until `SetDefaultPolicyVersion`, which needs no document.
    iam CreatePolicyVersion Creates Policy(policy_arn) {
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
        /// The policy as JSON text; whoever wrote it chose its white space.
        policy_document: Option<String> = request "policyDocument",
        /// Whether it is in force at once.
        set_as_default: Option<bool> = request "setAsDefault",
        /// Id of the new version.
        version_id: Option<String> = response "policyVersion.versionId",
    }
}
