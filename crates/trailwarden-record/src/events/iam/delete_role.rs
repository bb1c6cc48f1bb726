//! `iam:DeleteRole`.

use crate::call::call;

call! {
    /// Deletes a role.
    ///
    /// A role of the same name made later is another role with another id.
    iam DeleteRole Deletes Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
    }
}
