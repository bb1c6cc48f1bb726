//! `sts:AssumeRoot`.

use crate::call::call;

call! {
    /// Starts a short root session in a member account.
    ///
    /// The session is capped by one of a few AWS policies, which name what it may undo.
    sts AssumeRoot Uses Account(target_principal) {
        /// The member account, by number or ARN of its root.
        target_principal: Option<String> = request "targetPrincipal",
        /// How long it lasts.
        duration_seconds: Option<i64> = request "durationSeconds",
        /// The temporary key that later records carry; it leads from them back to here.
        access_key_id: Option<String> = response "credentials.accessKeyId",
        /// When the session ends, as text.
        expiration: Option<String> = response "credentials.expiration",
        /// The AWS policy that caps the session.
        task_policy_arn: Option<String> = request "taskPolicyArn.arn" or request "taskPolicyArn",
        /// The source identity that the session carries.
        source_identity: Option<String> = response "sourceIdentity",
    }
}
