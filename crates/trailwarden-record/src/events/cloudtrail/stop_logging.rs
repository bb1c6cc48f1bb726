//! `cloudtrail:StopLogging`.

use crate::call::call;

call! {
    /// Stops a trail; nothing is delivered until it is started again.
    ///
    /// It names the trail by name or ARN.
    cloudtrail StopLogging Detaches Trail(name) {
        /// The trail, by name or ARN.
        name: Option<String> = request "name",
    }
}
