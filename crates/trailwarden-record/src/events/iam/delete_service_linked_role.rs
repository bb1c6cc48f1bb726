//! `iam:DeleteServiceLinkedRole`.

use crate::call::call;

call! {
    /// Asks for the deletion of a service-linked role, which happens later or not at all.
    iam DeleteServiceLinkedRole Deletes Role(role_name) {
        /// The role.
        role_name: Option<String> = request "roleName",
        /// Id of the task that does it.
        deletion_task_id: Option<String> = response "deletionTaskId",
    }
}
