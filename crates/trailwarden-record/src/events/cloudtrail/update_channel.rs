//! `cloudtrail:UpdateChannel`.

use crate::call::call;

call! {
    /// Changes where a channel sends outside events.
    cloudtrail UpdateChannel Alters Trail(channel) {
        /// The channel, by ARN or id.
        channel: Option<String> = request "channel",
        /// Its name.
        name: Option<String> = request "name",
        /// Where the events go.
        destinations: Vec<String> = request "destinations.location",
    }
}
