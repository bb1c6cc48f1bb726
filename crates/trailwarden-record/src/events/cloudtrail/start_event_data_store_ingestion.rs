//! `cloudtrail:StartEventDataStoreIngestion`.

use crate::call::call;

call! {
    /// Lets an event data store take in events again.
    cloudtrail StartEventDataStoreIngestion Alters Trail(event_data_store) {
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
    }
}
