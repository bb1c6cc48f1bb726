//! `sts:AssumeRole`.

use crate::call::{Tag, call};

call! {
    /// Starts a session of a role.
    ///
    /// CloudTrail marks it as read only, yet it is how one principal becomes another. The caller's
    /// MFA does not travel along.
    sts AssumeRole Uses Role(role_arn) {
        /// ARN of the role.
        role_arn: Option<String> = request "roleArn",
        /// Name of the session, chosen by the caller.
        role_session_name: Option<String> = request "roleSessionName",
        /// The session policy as JSON text, which caps the session.
        policy: Option<String> = request "policy",
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// Tags that go on into further sessions.
        transitive_tag_keys: Vec<String> = request "transitiveTagKeys",
        /// The shared word that the trust policy may ask for.
        external_id: Option<String> = request "externalId",
        /// The MFA device that proved the caller.
        serial_number: Option<String> = request "serialNumber",
        /// A name for the person behind it, which the session cannot change.
        source_identity: Option<String> = request "sourceIdentity",
        /// The temporary key that later records carry; it leads from them back to here.
        access_key_id: Option<String> = response "credentials.accessKeyId",
        /// When the session ends, as text.
        expiration: Option<String> = response "credentials.expiration",
        /// The session's principal id: role id, colon, session name.
        assumed_role_id: Option<String> = response "assumedRoleUser.assumedRoleId",
        /// ARN of the session.
        assumed_role_arn: Option<String> = response "assumedRoleUser.arn",
        /// Managed policies that cap the session.
        policy_arns: Vec<String> = request "policyArns.arn",
    }
}
