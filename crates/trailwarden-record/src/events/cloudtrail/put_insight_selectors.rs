//! `cloudtrail:PutInsightSelectors`.

use crate::call::call;

call! {
    /// Chooses which unusual activity CloudTrail Insights looks for.
    ///
    /// An empty list switches Insights off.
    cloudtrail PutInsightSelectors Alters Trail(trail_name or event_data_store) {
        /// The trail, by name or ARN.
        trail_name: Option<String> = request "trailName",
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
        /// Where Insights events go.
        insights_destination: Option<String> = request "insightsDestination",
        /// What is looked for afterwards.
        insight_types: Vec<String> = request "insightSelectors.insightType",
    }
}
