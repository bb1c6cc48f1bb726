//! `iam:RemoveRoleFromInstanceProfile`.

use crate::call::call;

call! {
    /// Takes the role out of an instance profile.
    ///
    /// Instances keep the credentials they have until those end.
    iam RemoveRoleFromInstanceProfile Detaches InstanceProfile(instance_profile_name) {
        /// The instance profile.
        instance_profile_name: Option<String> = request "instanceProfileName",
        /// The role.
        role_name: Option<String> = request "roleName",
    }
}
