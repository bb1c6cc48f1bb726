//! The top-level fields of a record.

use sonic_rs::{JsonContainerTrait, JsonValueTrait, Value};

/// The top-level fields of a record, found in one pass. Of a name that stands twice the last counts.
#[derive(Default)]
pub(super) struct Top<'a> {
    pub(super) event_id: &'a str,
    pub(super) event_time: &'a str,
    pub(super) event_name: &'a str,
    pub(super) event_source: &'a str,
    pub(super) event_type: &'a str,
    pub(super) category: &'a str,
    pub(super) region: &'a str,
    pub(super) address: &'a str,
    pub(super) user_agent: &'a str,
    pub(super) error_code: &'a str,
    pub(super) error_message: &'a str,
    pub(super) recipient: &'a str,
    pub(super) identity: Option<&'a Value>,
    pub(super) from_console: bool,
}

impl<'a> Top<'a> {
    pub(super) fn of(record: &'a Value) -> Self {
        let mut top = Self::default();
        for (key, value) in record.as_object().into_iter().flatten() {
            let slot = match key {
                "eventID" => &mut top.event_id,
                "eventTime" => &mut top.event_time,
                "eventName" => &mut top.event_name,
                "eventSource" => &mut top.event_source,
                "eventType" => &mut top.event_type,
                "eventCategory" => &mut top.category,
                "awsRegion" => &mut top.region,
                "sourceIPAddress" => &mut top.address,
                "userAgent" => &mut top.user_agent,
                "errorCode" => &mut top.error_code,
                "errorMessage" => &mut top.error_message,
                "recipientAccountId" => &mut top.recipient,
                "userIdentity" => {
                    top.identity = Some(value);
                    continue;
                }
                "sessionCredentialFromConsole" => {
                    top.from_console = value.as_bool().unwrap_or(value.as_str() == Some("true"));
                    continue;
                }
                _ => continue,
            };
            *slot = value.as_str().unwrap_or_default();
        }
        top
    }
}
