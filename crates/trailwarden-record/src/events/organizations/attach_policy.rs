//! `organizations:AttachPolicy`.

use crate::call::call;

call! {
    /// Attaches a policy of the organization to an account, unit or root.
    organizations AttachPolicy Alters Organization(policy_id) {
        /// Id of the policy.
        policy_id: Option<String> = request "policyId",
        /// The account, unit or root.
        target_id: Option<String> = request "targetId",
    }
}
