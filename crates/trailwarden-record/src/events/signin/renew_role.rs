//! `signin:RenewRole`.

use crate::call::call;

call! {
    /// Renews a role session in the console.
    signin RenewRole Uses Role(role_arn) {
        /// The role, or its session's ARN when the record has no more.
        role_arn: Option<String> =
            record "userIdentity.sessionContext.sessionIssuer.arn" or record "userIdentity.arn",
        /// The page behind it.
        redirect_to: Option<String> = record "additionalEventData.RedirectTo",
        /// `Success` or `Failure`.
        result: Option<String> = response "RenewRole",
    }
}
