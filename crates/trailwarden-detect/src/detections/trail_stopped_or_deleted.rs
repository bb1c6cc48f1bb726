//! A trail is stopped or deleted, or somebody tries to.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "trail-stopped-or-deleted",
    title: "CloudTrail trail stopped or deleted",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-DE-01"],
    select: Select {
        events: &["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1562.008"],
    risk: "Nothing that happens afterwards is delivered, so whatever comes next leaves no trace in this trail.",
    false_positives: &[
        "A trail that is being replaced or retired: suppress it for the role that manages trails, until that is done.",
    ],
    remedies: &["restore-trail", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory cloudtrail:StopLogging trail/main",
        "role/app/build-7 cloudtrail:DeleteTrail trail/main",
        "root cloudtrail:StopLogging trail/main",
        "mallory cloudtrail:DeleteTrail trail/main denied",
        "mallory cloudtrail:StopLogging trail/main failed=TrailNotFoundException",
    ],
    quiet_on: &["service/cloudtrail.amazonaws.com cloudtrail:DeleteTrail trail/main"],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    // The organization's trail is taken from a member account by CloudTrail itself.
    if event.caller.is_aws() {
        return None;
    }
    let done = match event.name() {
        "StopLogging" => event.done_or("stopped the logging of", "tried to stop the logging of"),
        _ => event.done_or("deleted", "tried to delete"),
    };
    let trail = event.target_name();
    let after = match event.outcome {
        Outcome::Succeeded => String::new(),
        Outcome::Denied => " and was refused".to_owned(),
        Outcome::Failed => format!(", which failed with {}", event.error_code),
    };
    let matched =
        Match::on_target(event, format!("{{actor}} {done} the trail {trail}{{times}}{after}."));
    // Intruders often name a trail that is not there, or lack the right: the intent is the same.
    Some(matched.severity_if(!cx.succeeded(), Severity::High))
}
