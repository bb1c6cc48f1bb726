//! `iam:DeleteAccessKey`.

use crate::call::call;

call! {
    /// Deletes an access key for good.
    ///
    /// It also takes away the record of when the key was last used.
    iam DeleteAccessKey Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
        /// The access key.
        access_key_id: Option<String> = request "accessKeyId",
    }
}
