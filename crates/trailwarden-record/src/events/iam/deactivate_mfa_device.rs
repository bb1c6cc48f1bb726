//! `iam:DeactivateMFADevice`.

use crate::call::call;

call! {
    /// Takes an MFA device off a user, who then signs in without it.
    iam DeactivateMFADevice Detaches User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
        /// The device: an ARN, or a number printed on it.
        serial_number: Option<String> = request "serialNumber",
    }
}
