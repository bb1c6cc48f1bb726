//! `organizations:DetachPolicy`.

use crate::call::call;

call! {
    /// Detaches a policy of the organization from an account, unit or root.
    ///
    /// What a service control policy kept down is free again, without a trace in the member
    /// accounts.
    organizations DetachPolicy Detaches Organization(policy_id) {
        /// Id of the policy.
        policy_id: Option<String> = request "policyId",
        /// The account, unit or root.
        target_id: Option<String> = request "targetId",
    }
}
