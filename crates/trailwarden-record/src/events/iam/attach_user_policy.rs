//! `iam:AttachUserPolicy`.

use crate::call::call;

call! {
    /// Attaches a managed policy to a user.
    iam AttachUserPolicy Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
    }
}
