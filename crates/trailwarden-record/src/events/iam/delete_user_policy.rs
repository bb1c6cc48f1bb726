//! `iam:DeleteUserPolicy`.

use crate::call::call;

call! {
    /// Deletes an inline policy of a user.
    ///
    /// If the policy held a Deny, such as a quarantine, this sets the user free.
    iam DeleteUserPolicy Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// Name of the policy.
        policy_name: Option<String> = request "policyName",
    }
}
