//! `organizations:DeletePolicy`.

use crate::call::call;

call! {
    /// Deletes a policy of the organization that is attached nowhere.
    organizations DeletePolicy Deletes Organization(policy_id) {
        /// Id of the policy.
        policy_id: Option<String> = request "policyId",
    }
}
