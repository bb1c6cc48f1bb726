//! What no answer may bring in: members that are a secret wherever they stand.
//!
//! AWS gives none of them in the answers that are asked for; emulators and proxies do, and whoever
//! packs saved output may pick the wrong file.

use serde_json::Value;

/// Names of members, as AWS writes them.
const SECRET: &[&str] = &[
    // `CreateAccessKey`, `AssumeRole` and their like.
    "SecretAccessKey",
    "SessionToken",
    // The seed of a virtual MFA device, as text and as a picture: `CreateVirtualMFADevice`.
    "Base32StringSeed",
    "QRCodePNG",
    // `CreateServiceSpecificCredential`.
    "ServicePassword",
    "ServiceCredentialSecret",
    // `CreateLoginProfile`, `UploadServerCertificate`.
    "Password",
    "PrivateKey",
    "ClientSecret",
];

/// Takes them out.
pub(super) fn drop(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !SECRET.contains(&name.as_str()));
            members.values_mut().for_each(drop);
        }
        Value::Array(items) => items.iter_mut().for_each(drop),
        _ => {}
    }
}
