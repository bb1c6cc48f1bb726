//! `sts:AssumeRoleWithSAML`.

use crate::call::call;

call! {
    /// Starts a session of a role for somebody whom a SAML provider vouches for.
    ///
    /// There are no AWS credentials behind it: the provider's word is all.
    sts AssumeRoleWithSAML Uses Role(role_arn) {
        /// ARN of the role.
        role_arn: Option<String> = request "roleArn",
        /// ARN of the SAML provider.
        principal_arn: Option<String> = request "principalArn",
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
        /// Who signs in, by the provider's name for them.
        subject: Option<String> = response "subject",
        /// The provider, as the assertion names it.
        issuer: Option<String> = response "issuer",
        /// Whom the assertion was made for.
        audience: Option<String> = response "audience",
        /// Name of the session.
        role_session_name: Option<String> = request "roleSessionName",
    }
}
