//! `cloudtrail:DeleteResourcePolicy`.

use crate::call::call;

call! {
    /// Deletes the resource policy of a channel, event data store or dashboard.
    cloudtrail DeleteResourcePolicy Deletes Trail(resource_arn) {
        /// ARN of the channel, event data store or dashboard.
        resource_arn: Option<String> = request "resourceArn",
    }
}
