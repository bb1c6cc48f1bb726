//! `organizations:CreatePolicy`.

use crate::call::{Tag, call};

call! {
    /// Makes a policy of the organization that is not attached yet.
    organizations CreatePolicy Creates Organization(policy_id or name) {
        /// Id of the policy.
        policy_id: Option<String> = response "policy.policySummary.id",
        /// Name of the policy.
        name: Option<String> = request "name",
        /// The document as JSON text.
        content: Option<String> = request "content",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// ARN of the policy.
        policy_arn: Option<String> = response "policy.policySummary.arn",
        /// `SERVICE_CONTROL_POLICY` and others.
        policy_type: Option<String> = request "type",
    }
}
