//! `iam:UpdateAccessKey`.

use crate::call::call;

call! {
    /// Switches an access key on or off.
    ///
    /// Switching a key back on undoes a responder's work without leaving a new key.
    iam UpdateAccessKey Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
        /// The access key.
        access_key_id: Option<String> = request "accessKeyId",
        /// `Active` or `Inactive`.
        status: Option<String> = request "status",
    }
}
