//! `iam:UntagMFADevice`.

use crate::call::call;

call! {
    /// Takes tags off an MFA device.
    iam UntagMFADevice Detaches MfaDevice(serial_number) {
        /// The device: an ARN, or a number printed on it.
        serial_number: Option<String> = request "serialNumber",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
