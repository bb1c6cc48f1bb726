//! `rolesanywhere:CreateProfile`.

use crate::call::call;

call! {
    /// Says which roles holders of certificates may have, and with what limits.
    rolesanywhere CreateProfile Creates TrustAnchor(profile_arn or name) {
        /// ARN of the profile.
        profile_arn: Option<String> = response "profile.profileArn",
        /// Name of the profile.
        name: Option<String> = request "name",
        /// A policy that caps the sessions, as JSON text.
        session_policy: Option<String> = request "sessionPolicy",
        /// Roles that holders of certificates may have.
        role_arns: Vec<String> = request "roleArns",
        /// Managed policies that cap the sessions.
        managed_policy_arns: Vec<String> = request "managedPolicyArns",
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
        /// Whether it is on from the start.
        enabled: Option<bool> = request "enabled",
        /// Whether the caller may choose the session's name.
        accept_role_session_name: Option<bool> = request "acceptRoleSessionName",
    }
}
