//! `iam:TagPolicy`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on a managed policy.
    iam TagPolicy Alters Policy(policy_arn) {
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
