//! `kms:ScheduleKeyDeletion`.

use crate::call::call;

call! {
    /// Schedules the deletion of a key, and with it of all that it encrypts.
    ///
    /// Between seven and thirty days remain to cancel it.
    kms ScheduleKeyDeletion Deletes Resource(key_id) {
        /// The key, by id or ARN.
        key_id: Option<String> = request "keyId",
        /// How many days remain.
        pending_window_in_days: Option<i64> = request "pendingWindowInDays",
        /// When the key is deleted, as text.
        deletion_date: Option<String> = response "deletionDate",
    }
}
