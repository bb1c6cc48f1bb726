//! A change is refused by a limit above the caller's own policies.

use trailwarden_record::denial::Reason;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "guard-rail-hit",
    title: "Change stopped by a guard rail",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-FC-02"],
    select: Select {
        events: &[
            "iam:<writes>",
            "organizations:<writes>",
            "cloudtrail:<writes>",
            "guardduty:<writes>",
            "config:<writes>",
            "kms:<writes>",
        ],
        outcomes: &[Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1580"],
    risk: "The caller's own policies allow what a guard rail stopped: either the limit was met by accident, or somebody is finding out what is guarded.",
    false_positives: &[
        "Somebody new to the account: the guard rail did its work, and the sentence says which.",
    ],
    remedies: &["review-permissions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateUser user/eve denied {"errorMessage":"User: arn:aws:iam::111122223333:user/mallory is not authorized to perform: iam:CreateUser on resource: user eve with an explicit deny in a service control policy"}"#,
        r#"role/app/s cloudtrail:StopLogging trail/main denied {"errorMessage":"User: arn:aws:sts::111122223333:assumed-role/app/s is not authorized to perform: cloudtrail:StopLogging because no permissions boundary allows the cloudtrail:StopLogging action"}"#,
    ],
    quiet_on: &["mallory iam:CreateUser user/eve denied"],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let reason = event.denial.as_ref()?.reason;
    match reason {
        Reason::ServiceControlPolicy
        | Reason::ResourceControlPolicy
        | Reason::PermissionsBoundary => {}
        Reason::SessionPolicy | Reason::EndpointPolicy | Reason::ResourcePolicy => {}
        Reason::IdentityDeny | Reason::NotAllowed | Reason::Unknown => return None,
    }
    let text = format!(
        "{{actor}} tried {} and was stopped{{times}}: {}.",
        event.action(),
        reason.as_str()
    );
    let subject = format!("{} {}", event.caller.stable, reason.as_str());
    Some(Match::on_caller(event, text).subject(subject))
}
