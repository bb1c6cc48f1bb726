//! `rolesanywhere:UpdateProfile`.

use crate::call::call;

call! {
    /// Changes the roles or the limits of a profile.
    rolesanywhere UpdateProfile Alters TrustAnchor(profile_id) {
        /// Id of the profile.
        profile_id: Option<String> = request "profileId",
        /// New name.
        name: Option<String> = request "name",
        /// A policy that caps the sessions, as JSON text.
        session_policy: Option<String> = request "sessionPolicy",
        /// Roles that holders of certificates may have.
        role_arns: Vec<String> = request "roleArns",
        /// Managed policies that cap the sessions.
        managed_policy_arns: Vec<String> = request "managedPolicyArns",
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
        /// Whether the caller may choose the session's name.
        accept_role_session_name: Option<bool> = request "acceptRoleSessionName",
        /// ARN of the profile.
        profile_arn: Option<String> = response "profile.profileArn",
    }
}
