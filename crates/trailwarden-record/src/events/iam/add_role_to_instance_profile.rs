//! `iam:AddRoleToInstanceProfile`.

use crate::call::call;

call! {
    /// Puts a role into an instance profile, so that its instances get the role's credentials.
    ///
    /// A profile holds one role, so a swap is a removal and this call.
    iam AddRoleToInstanceProfile Alters InstanceProfile(instance_profile_name) {
        /// The instance profile.
        instance_profile_name: Option<String> = request "instanceProfileName",
        /// The role.
        role_name: Option<String> = request "roleName",
    }
}
