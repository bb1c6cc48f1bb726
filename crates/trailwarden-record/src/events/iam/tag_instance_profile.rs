//! `iam:TagInstanceProfile`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on an instance profile.
    iam TagInstanceProfile Alters InstanceProfile(instance_profile_name) {
        /// The instance profile.
        instance_profile_name: Option<String> = request "instanceProfileName",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
