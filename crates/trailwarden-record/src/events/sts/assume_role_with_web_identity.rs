//! `sts:AssumeRoleWithWebIdentity`.

use crate::call::call;

call! {
    /// Starts a session of a role for the holder of an OpenID Connect token.
    ///
    /// A trust that does not check the subject lets in everybody the issuer knows.
    sts AssumeRoleWithWebIdentity Uses Role(role_arn) {
        /// ARN of the role.
        role_arn: Option<String> = request "roleArn",
        /// Name of the session, chosen by the caller.
        role_session_name: Option<String> = request "roleSessionName",
        /// The issuer of an old-style OAuth token.
        provider_id: Option<String> = request "providerId",
        /// The session policy as JSON text, which caps the session.
        policy: Option<String> = request "policy",
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
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
        /// Who the token is about.
        subject: Option<String> = response "subjectFromWebIdentityToken",
        /// The issuer, by ARN or address.
        provider: Option<String> = response "provider",
        /// Whom the token was made for.
        audience: Option<String> = response "audience",
    }
}
