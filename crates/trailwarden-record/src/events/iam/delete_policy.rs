//! `iam:DeletePolicy`.

use crate::call::call;

call! {
    /// Deletes a managed policy that nobody holds any more.
    iam DeletePolicy Deletes Policy(policy_arn) {
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
    }
}
