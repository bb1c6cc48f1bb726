//! `iam:TagUser`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on a user.
    ///
    /// Where policies decide by tags of the principal, a tag is a permission.
    iam TagUser Alters User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
