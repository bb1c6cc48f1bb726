//! `iam:UntagUser`.

use crate::call::call;

call! {
    /// Takes tags off a user.
    ///
    /// Where policies decide by tags of the principal, a missing tag can lift a Deny.
    iam UntagUser Detaches User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
