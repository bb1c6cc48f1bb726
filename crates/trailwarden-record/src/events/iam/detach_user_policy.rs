//! `iam:DetachUserPolicy`.

use crate::call::call;

call! {
    /// Detaches a managed policy from a user.
    ///
    /// AWS attaches `AWSCompromisedKeyQuarantine` to users whose key leaked; this call takes it
    /// off.
    iam DetachUserPolicy Detaches User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// ARN of the managed policy.
        policy_arn: Option<String> = request "policyArn",
    }
}
