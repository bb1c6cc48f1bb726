//! `signin:CheckMfa`.

use crate::call::call;

call! {
    /// Asks for the MFA code during a sign-in.
    ///
    /// The password was right by then: many of these without a login mean a known password.
    signin CheckMfa Uses User(user_name) {
        /// Who signs in; `root` for the root user.
        user_name: Option<String> = caller or record "userIdentity.userName",
        /// `Success` or `Failure`.
        result: Option<String> = response "CheckMfa",
        /// Kind of device.
        mfa_type: Option<String> = record "additionalEventData.MfaType",
    }
}
