//! `iam:CreateVirtualMFADevice`.

use crate::call::{Tag, call};

call! {
    /// Makes a virtual MFA device that belongs to nobody yet.
    ///
    /// Whoever calls learns the seed; enabling it for another user is a step to take over that
    /// user.
    iam CreateVirtualMFADevice Creates MfaDevice(serial_number or virtual_mfa_device_name) {
        /// ARN of the new device.
        serial_number: Option<String> = response "virtualMFADevice.serialNumber",
        /// Name of the device.
        virtual_mfa_device_name: Option<String> = request "virtualMFADeviceName",
        /// The path in the ARN, `/` when absent.
        path: Option<String> = request "path",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
