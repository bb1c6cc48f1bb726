//! `sts:GetFederationToken`.

use crate::call::{Tag, call};

call! {
    /// Starts a federated session with the caller's permissions, cut by the given policies.
    ///
    /// The session outlives the deactivation of the key that made it.
    sts GetFederationToken Uses Resource(federated_user_arn or name) {
        /// ARN of the federated user.
        federated_user_arn: Option<String> = response "federatedUser.arn",
        /// Name of the federated user.
        name: Option<String> = request "name",
        /// The session policy as JSON text, which caps the session.
        policy: Option<String> = request "policy",
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// The temporary key that later records carry; it leads from them back to here.
        access_key_id: Option<String> = response "credentials.accessKeyId",
        /// When the session ends, as text.
        expiration: Option<String> = response "credentials.expiration",
        /// Managed policies that cap the session.
        policy_arns: Vec<String> = request "policyArns.arn",
        /// The session's principal id.
        federated_user_id: Option<String> = response "federatedUser.federatedUserId",
    }
}
