//! `iam:CreateAccessKey`.

use crate::call::call;

call! {
    /// Makes an access key for a user, or for the root user.
    ///
    /// Without `userName` the key belongs to whoever signed the call.
    iam CreateAccessKey Creates User(user_name) {
        /// Whose key it is.
        user_name: Option<String> = request "userName" or response "accessKey.userName" or caller,
        /// The new key's id; the secret is never logged.
        access_key_id: Option<String> = response "accessKey.accessKeyId",
        /// `Active` or `Inactive`.
        status: Option<String> = response "accessKey.status",
    }
}
