//! `iam:EnableMFADevice`.

use crate::call::call;

call! {
    /// Gives an MFA device to a user.
    ///
    /// By a stranger it is a way to keep access: the new device satisfies every policy that asks
    /// for MFA.
    iam EnableMFADevice Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// The device: an ARN, or a number printed on it.
        serial_number: Option<String> = request "serialNumber",
    }
}
