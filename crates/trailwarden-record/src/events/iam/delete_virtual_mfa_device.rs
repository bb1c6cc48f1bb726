//! `iam:DeleteVirtualMFADevice`.

use crate::call::call;

call! {
    /// Deletes a virtual MFA device that no user has.
    iam DeleteVirtualMFADevice Deletes MfaDevice(serial_number) {
        /// The device: an ARN, or a number printed on it.
        serial_number: Option<String> = request "serialNumber",
    }
}
