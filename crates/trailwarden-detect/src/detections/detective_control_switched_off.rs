//! GuardDuty, Config, Security Hub or Access Analyzer stops watching.

use sonic_rs::{JsonContainerTrait, Value};
use trailwarden_record::json;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "detective-control-switched-off",
    title: "Detective control switched off",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-11"],
    select: Select {
        events: &[
            "guardduty:DeleteDetector",
            "guardduty:UpdateDetector",
            "guardduty:StopMonitoringMembers",
            "guardduty:DeletePublishingDestination",
            "config:StopConfigurationRecorder",
            "config:DeleteConfigurationRecorder",
            "config:DeleteDeliveryChannel",
            "securityhub:DisableSecurityHub",
            "access-analyzer:DeleteAnalyzer",
            "access-analyzer:CreateArchiveRule",
            "access-analyzer:UpdateArchiveRule",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1562.001"],
    risk: "Whatever the control would have reported from now on goes unseen.",
    false_positives: &[
        "A region or account that is being closed down: suppress it for the role that runs the security services, until that is done.",
    ],
    remedies: &["restore-detective-control"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory guardduty:DeleteDetector {"request":{"detectorId":"12ab"}}"#,
        r#"mallory guardduty:UpdateDetector {"request":{"detectorId":"12ab","enable":false}}"#,
        r#"mallory guardduty:UpdateDetector {"request":{"detectorId":"12ab","features":[{"name":"S3_DATA_EVENTS","status":"DISABLED"}]}}"#,
        r#"role/app/s config:StopConfigurationRecorder {"request":{"configurationRecorderName":"default"}}"#,
        "root securityhub:DisableSecurityHub",
        "mallory access-analyzer:DeleteAnalyzer denied",
        r#"mallory access-analyzer:CreateArchiveRule {"request":{"analyzerName":"a","ruleName":"r","filter":{}}}"#,
    ],
    quiet_on: &[
        r#"alice guardduty:UpdateDetector {"request":{"detectorId":"12ab","enable":true}}"#,
        r#"service/guardduty.amazonaws.com guardduty:DeleteDetector {"request":{"detectorId":"12ab"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.caller.is_aws() {
        return None;
    }
    let (done, tried, severity) = match event.name() {
        "UpdateDetector" => {
            let off = event.request_flag("enable") == Some(false);
            if !off && !disables_a_source(event) && event.value("requestParameters").is_some() {
                return None;
            }
            (
                "switched off GuardDuty, or a part of it,",
                "tried to switch off GuardDuty, or a part of it,",
                Severity::High,
            )
        }
        "DeleteDetector" => (
            "deleted the detector of GuardDuty",
            "tried to delete the detector of GuardDuty",
            Severity::High,
        ),
        "StopMonitoringMembers" => (
            "stopped GuardDuty for member accounts",
            "tried to stop GuardDuty for member accounts",
            Severity::High,
        ),
        "DeletePublishingDestination" => (
            "stopped the export of GuardDuty findings",
            "tried to stop the export of GuardDuty findings",
            Severity::Medium,
        ),
        "StopConfigurationRecorder" => (
            "stopped the recorder of AWS Config",
            "tried to stop the recorder of AWS Config",
            Severity::High,
        ),
        "DeleteConfigurationRecorder" => (
            "deleted the recorder of AWS Config",
            "tried to delete the recorder of AWS Config",
            Severity::High,
        ),
        "DeleteDeliveryChannel" => (
            "deleted the delivery channel of AWS Config",
            "tried to delete the delivery channel of AWS Config",
            Severity::High,
        ),
        "DisableSecurityHub" => {
            ("switched off Security Hub", "tried to switch off Security Hub", Severity::High)
        }
        "DeleteAnalyzer" => (
            "deleted an analyzer of Access Analyzer",
            "tried to delete an analyzer of Access Analyzer",
            Severity::High,
        ),
        _ => (
            "set a rule that archives findings of Access Analyzer",
            "tried to set a rule that archives findings of Access Analyzer",
            Severity::Medium,
        ),
    };
    let region = &event.region;
    let text = format!("{{actor}} {} in {region}{{times}}.", event.done_or(done, tried));
    let matched = Match::on_target(event, text).subject(format!("{} {region}", event.name()));
    Some(matched.attempted_if_not(event.outcome, severity))
}

fn disables_a_source(event: &Event) -> bool {
    let features = event.value("requestParameters.features").and_then(Value::as_array);
    features.is_some_and(|features| {
        features.iter().any(|feature| {
            json::text(feature, "status")
                .is_some_and(|status| status.eq_ignore_ascii_case("DISABLED"))
        })
    })
}
