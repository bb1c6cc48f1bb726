//! `iam:UntagInstanceProfile`.

use crate::call::call;

call! {
    /// Takes tags off an instance profile.
    iam UntagInstanceProfile Detaches InstanceProfile(instance_profile_name) {
        /// The instance profile.
        instance_profile_name: Option<String> = request "instanceProfileName",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
