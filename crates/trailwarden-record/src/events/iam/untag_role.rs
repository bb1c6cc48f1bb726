//! `iam:UntagRole`.

use crate::call::call;

call! {
    /// Takes tags off a role.
    ///
    /// Where policies decide by tags of the principal, a missing tag can lift a Deny.
    iam UntagRole Detaches Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
