//! `iam:ResyncMFADevice`.

use crate::call::call;

call! {
    /// Brings a user's MFA device back in step with AWS's clock.
    iam ResyncMFADevice Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// The device: an ARN, or a number printed on it.
        serial_number: Option<String> = request "serialNumber",
    }
}
