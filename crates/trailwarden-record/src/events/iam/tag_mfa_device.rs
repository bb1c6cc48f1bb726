//! `iam:TagMFADevice`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on an MFA device.
    iam TagMFADevice Alters MfaDevice(serial_number) {
        /// The device: an ARN, or a number printed on it.
        serial_number: Option<String> = request "serialNumber",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
