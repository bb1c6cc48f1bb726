//! `iam:UntagPolicy`.

use crate::call::call;

call! {
    /// Takes tags off a managed policy.
    iam UntagPolicy Detaches Policy(policy_arn) {
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
