//! `cloudtrail:DeleteTrail`.

use crate::call::call;

call! {
    /// Deletes a trail; the files delivered so far stay.
    cloudtrail DeleteTrail Deletes Trail(name) {
        /// The trail, by name or ARN.
        name: Option<String> = request "name",
    }
}
