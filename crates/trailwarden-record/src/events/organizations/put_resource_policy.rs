//! `organizations:PutResourcePolicy`.

use crate::call::{Tag, call};

call! {
    /// Sets which member accounts may manage the organization itself.
    ///
    /// CloudTrail hides the document: who gained what must be asked of the organization.
    organizations PutResourcePolicy Alters Organization(resource_policy_arn) {
        /// ARN of the resource policy.
        resource_policy_arn: Option<String> = response "resourcePolicy.resourcePolicySummary.arn",
        /// The document as JSON text.
        content: Option<String> = request "content",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// Its id.
        resource_policy_id: Option<String> = response "resourcePolicy.resourcePolicySummary.id",
    }
}
