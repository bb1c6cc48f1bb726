//! `organizations:EnablePolicyType`.

use crate::call::call;

call! {
    /// Switches on a kind of policy for the whole organization.
    organizations EnablePolicyType Alters Organization(root_id) {
        /// Root of the organization.
        root_id: Option<String> = request "rootId",
        /// `SERVICE_CONTROL_POLICY` and others.
        policy_type: Option<String> = request "policyType",
    }
}
