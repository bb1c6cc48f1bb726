//! `iam:UploadSSHPublicKey`.

use crate::call::call;

call! {
    /// Gives a user an SSH key for Git hosting.
    iam UploadSSHPublicKey Creates User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// The public key.
        ssh_public_key_body: Option<String> = request "sSHPublicKeyBody",
        /// Id of the new key.
        ssh_public_key_id: Option<String> = response "sSHPublicKey.sSHPublicKeyId",
        /// Its fingerprint.
        fingerprint: Option<String> = response "sSHPublicKey.fingerprint",
        /// `Active` or `Inactive`.
        status: Option<String> = response "sSHPublicKey.status",
    }
}
