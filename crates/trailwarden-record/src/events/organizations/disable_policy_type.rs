//! `organizations:DisablePolicyType`.

use crate::call::call;

call! {
    /// Switches off a kind of policy for the organization, and detaches all policies of it.
    ///
    /// Switching the kind on again brings none of the attachments back.
    organizations DisablePolicyType Detaches Organization(root_id) {
        /// Root of the organization.
        root_id: Option<String> = request "rootId",
        /// `SERVICE_CONTROL_POLICY` and others.
        policy_type: Option<String> = request "policyType",
    }
}
