//! `iam:DeleteInstanceProfile`.

use crate::call::call;

call! {
    /// Deletes an empty instance profile.
    iam DeleteInstanceProfile Deletes InstanceProfile(instance_profile_name) {
        /// The instance profile.
        instance_profile_name: Option<String> = request "instanceProfileName",
    }
}
