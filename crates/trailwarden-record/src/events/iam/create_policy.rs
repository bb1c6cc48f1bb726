//! `iam:CreatePolicy`.

use crate::call::{Tag, call};

call! {
    /// Makes a managed policy that nobody holds yet.
    iam CreatePolicy Creates Policy(policy_arn or policy_name) {
        /// ARN of the new policy.
        policy_arn: Option<String> = response "policy.arn",
        /// Name of the policy.
        policy_name: Option<String> = request "policyName",
        /// The path in the ARN, `/` when absent.
        path: Option<String> = request "path",
        /// The policy as JSON text; whoever wrote it chose its white space.
        policy_document: Option<String> = request "policyDocument",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// The policy's unique id.
        policy_id: Option<String> = response "policy.policyId",
        /// The version in force.
        default_version_id: Option<String> = response "policy.defaultVersionId",
    }
}
