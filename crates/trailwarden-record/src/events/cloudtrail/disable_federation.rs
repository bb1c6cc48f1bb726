//! `cloudtrail:DisableFederation`.

use crate::call::call;

call! {
    /// Ends the access of Athena to an event data store.
    cloudtrail DisableFederation Detaches Trail(event_data_store) {
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
    }
}
