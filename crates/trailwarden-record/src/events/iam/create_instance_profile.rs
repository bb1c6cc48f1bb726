//! `iam:CreateInstanceProfile`.

use crate::call::{Tag, call};

call! {
    /// Makes an instance profile, the wrapper through which an instance gets a role.
    iam CreateInstanceProfile Creates InstanceProfile(instance_profile_name) {
        /// The instance profile.
        instance_profile_name: Option<String> = request "instanceProfileName",
        /// The path in the ARN, `/` when absent.
        path: Option<String> = request "path",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// Its unique id.
        instance_profile_id: Option<String> = response "instanceProfile.instanceProfileId",
        /// Its ARN.
        instance_profile_arn: Option<String> = response "instanceProfile.arn",
    }
}
