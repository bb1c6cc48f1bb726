//! `cloudtrail:EnableFederation`.

use crate::call::call;

call! {
    /// Lets Athena query an event data store through a role.
    cloudtrail EnableFederation Alters Trail(event_data_store) {
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
        /// The role that the query goes through.
        federation_role_arn: Option<String> = request "federationRoleArn",
    }
}
