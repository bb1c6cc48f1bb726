//! `iam:UpdateSSHPublicKey`.

use crate::call::call;

call! {
    /// Switches a user's SSH key for Git hosting on or off.
    iam UpdateSSHPublicKey Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// Id of the key.
        ssh_public_key_id: Option<String> = request "sSHPublicKeyId",
        /// `Active` or `Inactive`.
        status: Option<String> = request "status",
    }
}
