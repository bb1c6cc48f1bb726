//! `cloudtrail:DeleteChannel`.

use crate::call::call;

call! {
    /// Deletes a channel through which outside events come in.
    cloudtrail DeleteChannel Deletes Trail(channel) {
        /// The channel, by ARN or id.
        channel: Option<String> = request "channel",
    }
}
