//! `guardduty:UpdateDetector`.

use crate::call::call;

call! {
    /// Switches a detector, or one of its sources, on or off.
    ///
    /// `enable: false` stops detection as a deletion does. A call that leaves it out changes only
    /// the sources.
    guardduty UpdateDetector Alters Resource(detector_id) {
        /// The detector.
        detector_id: Option<String> = request "detectorId",
        /// Whether it is on.
        enable: Option<bool> = request "enable",
        /// How often findings are sent on.
        finding_publishing_frequency: Option<String> = request "findingPublishingFrequency",
        /// Sources that are named.
        features: Vec<String> = request "features.name",
        /// `ENABLED` or `DISABLED` for each of them, in order.
        feature_statuses: Vec<String> = request "features.status",
    }
}
