//! `iam:DeleteSSHPublicKey`.

use crate::call::call;

call! {
    /// Deletes a user's SSH key for Git hosting.
    iam DeleteSSHPublicKey Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// Id of the key.
        ssh_public_key_id: Option<String> = request "sSHPublicKeyId",
    }
}
