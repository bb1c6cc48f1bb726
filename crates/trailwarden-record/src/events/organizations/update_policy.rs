//! `organizations:UpdatePolicy`.

use crate::call::call;

call! {
    /// Changes a policy of the organization wherever it is attached.
    ///
    /// Emptying a service control policy does what detaching it does, under a quieter name.
    organizations UpdatePolicy Alters Organization(policy_id) {
        /// Id of the policy.
        policy_id: Option<String> = request "policyId",
        /// New name of the policy.
        name: Option<String> = request "name",
        /// Free text by whoever called.
        description: Option<String> = request "description",
        /// The document as JSON text.
        content: Option<String> = request "content",
        /// ARN of the policy.
        policy_arn: Option<String> = response "policy.policySummary.arn",
        /// `SERVICE_CONTROL_POLICY` and others.
        policy_type: Option<String> = response "policy.policySummary.type",
    }
}
