//! `cloudtrail:UpdateEventDataStore`.

use crate::call::call;

call! {
    /// Changes what an event data store takes in and how long it keeps it.
    ///
    /// A shorter retention deletes old events; it also lifts the protection against deletion.
    cloudtrail UpdateEventDataStore Alters Trail(event_data_store) {
        /// The event data store, by ARN or id.
        event_data_store: Option<String> = request "eventDataStore",
        /// Its name.
        name: Option<String> = request "name",
        /// Whether it takes in every region.
        multi_region_enabled: Option<bool> = request "multiRegionEnabled",
        /// Whether it takes in every account of the organization.
        organization_enabled: Option<bool> = request "organizationEnabled",
        /// Days that events are kept.
        retention_period: Option<i64> = request "retentionPeriod",
        /// Whether deletion is barred.
        termination_protection_enabled: Option<bool> = request "terminationProtectionEnabled",
        /// The key that encrypts it.
        kms_key_id: Option<String> = request "kmsKeyId",
        /// How it is paid for.
        billing_mode: Option<String> = request "billingMode",
        /// The selectors as JSON text.
        advanced_event_selectors: Option<String> =
            document "requestParameters.advancedEventSelectors",
    }
}
