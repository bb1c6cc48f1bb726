//! `iam:TagRole`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on a role.
    ///
    /// Where policies decide by tags of the principal, a tag is a permission.
    iam TagRole Alters Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
