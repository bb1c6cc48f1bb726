//! The stores and extras of CloudTrail are taken away.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "audit-store-tampered",
    title: "CloudTrail Lake or delegated administration tampered with",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-04"],
    select: Select {
        events: &[
            "cloudtrail:DeleteEventDataStore",
            "cloudtrail:StopEventDataStoreIngestion",
            "cloudtrail:PutEventConfiguration",
            "cloudtrail:DeregisterOrganizationDelegatedAdmin",
            "cloudtrail:DisableFederation",
            "cloudtrail:DeleteChannel",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1562.008"],
    risk: "Investigations that rely on the event data store find it stopped or gone.",
    false_positives: &[
        "A store that is being retired to save cost: suppress it for the role that manages CloudTrail, with an expiry.",
    ],
    remedies: &["restore-event-data-store"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory cloudtrail:DeleteEventDataStore {"request":{"eventDataStore":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1"}}"#,
        r#"role/app/s cloudtrail:StopEventDataStoreIngestion {"request":{"eventDataStore":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1"}}"#,
        r#"mallory cloudtrail:PutEventConfiguration {"request":{"eventDataStore":"store","maxEventSize":"Standard"}}"#,
        "mallory cloudtrail:DeleteChannel denied",
    ],
    quiet_on: &[
        r#"alice cloudtrail:PutEventConfiguration {"request":{"eventDataStore":"store","maxEventSize":"Large"}}"#,
        r#"service/cloudtrail.amazonaws.com cloudtrail:DeleteEventDataStore {"request":{"eventDataStore":"store"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.caller.is_aws() {
        return None;
    }
    let (done, tried, severity) = match event.name() {
        "DeleteEventDataStore" => {
            ("deleted the event data store", "tried to delete the event data store", Severity::High)
        }
        "StopEventDataStoreIngestion" => {
            ("stopped the event data store", "tried to stop the event data store", Severity::High)
        }
        "DeregisterOrganizationDelegatedAdmin" => (
            "took the administration of the organization's trails from account",
            "tried to take the administration of the organization's trails from account",
            Severity::High,
        ),
        "DisableFederation" => (
            "ended queries on the event data store",
            "tried to end queries on the event data store",
            Severity::Medium,
        ),
        "DeleteChannel" => ("deleted the channel", "tried to delete the channel", Severity::Medium),
        // Only the smaller size loses something: large parameters are left out again.
        _ if event.request("maxEventSize") == Some("Large") => return None,
        _ => (
            "made records small again, so that large parameters are left out, for the store",
            "tried to change what records hold for the store",
            Severity::Medium,
        ),
    };
    let text =
        format!("{{actor}} {} {}{{times}}.", event.done_or(done, tried), event.target_name());
    Some(Match::on_target(event, text).attempted_if_not(event.outcome, severity))
}
