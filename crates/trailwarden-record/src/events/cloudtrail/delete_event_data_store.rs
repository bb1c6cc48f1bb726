//! `cloudtrail:DeleteEventDataStore`.

use crate::call::call;

call! {
    /// Deletes an event data store, with seven days to change one's mind.
    cloudtrail DeleteEventDataStore Deletes Trail(event_data_store) {
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
    }
}
