//! `cloudtrail:PutEventConfiguration`.

use crate::call::call;

call! {
    /// Chooses the largest event size and the added context of a trail or event data store.
    ///
    /// With the smaller size, padded policies are left out of the record.
    cloudtrail PutEventConfiguration Alters Trail(trail_name or event_data_store) {
        /// The trail, by name or ARN.
        trail_name: Option<String> = request "trailName",
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
        /// `Standard` or `Large`.
        max_event_size: Option<String> = request "maxEventSize",
        /// The added context as JSON text.
        context_key_selectors: Option<String> = document "requestParameters.contextKeySelectors",
    }
}
