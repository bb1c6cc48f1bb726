//! `iam:PutUserPolicy`.

use crate::call::call;

call! {
    /// Adds an inline policy to a user, or replaces the one of the same name.
    iam PutUserPolicy Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// Name of the policy.
        policy_name: Option<String> = request "policyName",
        /// The policy as JSON text; whoever wrote it chose its white space.
        policy_document: Option<String> = request "policyDocument",
    }
}
