//! `cloudtrail:StopEventDataStoreIngestion`.

use crate::call::call;

call! {
    /// Stops an event data store from taking in events.
    cloudtrail StopEventDataStoreIngestion Detaches Trail(event_data_store) {
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
    }
}
