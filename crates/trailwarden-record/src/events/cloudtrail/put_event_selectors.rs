//! `cloudtrail:PutEventSelectors`.

use crate::call::call;

call! {
    /// Chooses which events a trail logs.
    ///
    /// A selector that leaves out management events silences the trail while it stays on. The call
    /// replaces all selectors.
    cloudtrail PutEventSelectors Alters Trail(trail_name) {
        /// The trail, by name or ARN.
        trail_name: Option<String> = request "trailName",
        /// ARN of the trail.
        trail_arn: Option<String> = response "trailARN",
        /// The plain selectors as JSON text.
        event_selectors: Option<String> = document "requestParameters.eventSelectors",
        /// The advanced selectors as JSON text.
        advanced_event_selectors: Option<String> =
            document "requestParameters.advancedEventSelectors",
        /// `All`, `ReadOnly` or `WriteOnly` of each plain selector.
        read_write_types: Vec<String> = request "eventSelectors.readWriteType",
        /// Services whose management events are left out.
        excluded_sources: Vec<String> = request "eventSelectors.excludeManagementEventSources",
    }
}
