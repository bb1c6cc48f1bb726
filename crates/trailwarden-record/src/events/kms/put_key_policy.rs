//! `kms:PutKeyPolicy`.

use crate::call::call;

call! {
    /// Replaces the key policy.
    ///
    /// A policy that leaves out the account's root takes the key away from IAM.
    kms PutKeyPolicy Alters Resource(key_id) {
        /// The key, by id or ARN.
        key_id: Option<String> = request "keyId",
        /// Always `default`.
        policy_name: Option<String> = request "policyName",
        /// The key policy as JSON text.
        policy: Option<String> = request "policy",
        /// Whether AWS's check against locking oneself out was switched off.
        bypass_policy_lockout_safety_check: Option<bool> = request "bypassPolicyLockoutSafetyCheck",
    }
}
