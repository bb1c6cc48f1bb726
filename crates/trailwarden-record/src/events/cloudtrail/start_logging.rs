//! `cloudtrail:StartLogging`.

use crate::call::call;

call! {
    /// Starts a trail.
    cloudtrail StartLogging Alters Trail(name) {
        /// The trail, by name or ARN.
        name: Option<String> = request "name",
    }
}
