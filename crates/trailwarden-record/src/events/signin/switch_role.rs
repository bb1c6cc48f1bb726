//! `signin:SwitchRole`.

use crate::call::call;

call! {
    /// Switches to a role in the console.
    ///
    /// The record stands in the account of the role; the caller is already the new session.
    signin SwitchRole Uses Role(role_arn) {
        /// The role, or its session's ARN when the record has no more.
        role_arn: Option<String> =
            record "userIdentity.sessionContext.sessionIssuer.arn" or record "userIdentity.arn",
        /// ARN of the principal before the switch.
        switch_from: Option<String> = record "additionalEventData.SwitchFrom",
        /// The page behind the switch.
        redirect_to: Option<String> = record "additionalEventData.RedirectTo",
        /// `Success` or `Failure`.
        result: Option<String> = response "SwitchRole",
    }
}
