//! `guardduty:DeleteDetector`.

use crate::call::call;

call! {
    /// Deletes the detector of a region, with all its findings.
    guardduty DeleteDetector Deletes Resource(detector_id) {
        /// The detector.
        detector_id: Option<String> = request "detectorId",
    }
}
