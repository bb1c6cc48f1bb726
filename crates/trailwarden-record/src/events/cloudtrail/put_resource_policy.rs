//! `cloudtrail:PutResourcePolicy`.

use crate::call::call;

call! {
    /// Sets who from outside may use a channel, event data store or dashboard.
    cloudtrail PutResourcePolicy Alters Trail(resource_arn) {
        /// ARN of the channel, event data store or dashboard.
        resource_arn: Option<String> = request "resourceArn",
        /// The policy as JSON text.
        resource_policy: Option<String> = request "resourcePolicy",
    }
}
