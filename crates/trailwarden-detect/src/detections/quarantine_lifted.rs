//! The policy that holds a compromised principal is taken off.
//!
//! AWS attaches `AWSCompromisedKeyQuarantine`, in several versions, to users whose keys it found in
//! public. Responders use policies with `quarantine` in the name, `AWSDenyAll`, and
//! `AWSRevokeOlderSessions`, which the console writes to revoke a role's sessions. A refused attempt
//! does not say which policy it was about.

use crate::by_effect::quarantine;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "quarantine-lifted",
    title: "Quarantine policy removed",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-EO-09"],
    select: Select {
        events: &[
            "iam:DetachUserPolicy",
            "iam:DeleteUserPolicy",
            "iam:DetachGroupPolicy",
            "iam:DeleteGroupPolicy",
            "iam:DetachRolePolicy",
            "iam:DeleteRolePolicy",
        ],
        outcomes: &[Outcome::Succeeded, Outcome::Failed],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1562.001"],
    risk: "The principal was held because its credentials leaked or were misused; now whoever has them can go on.",
    false_positives: &[
        "The end of a cleanup, once the keys are replaced: the same person has deleted the old keys before.",
    ],
    remedies: &["attach-quarantine-policy", "deactivate-access-key", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:DetachUserPolicy user/alice {"request":{"policyArn":"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"}}"#,
        r#"root iam:DeleteUserPolicy user/alice {"request":{"policyName":"trailwarden-quarantine"}}"#,
        r#"role/admin iam:DeleteRolePolicy role/app {"request":{"policyName":"AWSRevokeOlderSessions"}}"#,
        r#"mallory iam:DetachUserPolicy user/alice failed=NoSuchEntityException {"request":{"policyArn":"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2"}}"#,
    ],
    quiet_on: &[
        r#"mallory iam:DetachUserPolicy user/alice {"request":{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}"#,
        r#"mallory iam:DeleteUserPolicy user/quarantine {"request":{"policyName":"s3-read"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let severity = quarantine(event)?;
    let policy = event.request("policyArn").or_else(|| event.request("policyName"))?;
    let took = event.done_or("took", "tried to take");
    let what = cx.consequence();
    let text = format!("{{actor}} {took} {policy} off {}{{times}}{what}.", event.target_phrase());
    Some(
        Match::on_target(event, text)
            .attempted_if_not(event.outcome, severity)
            .weighed(Weight::Raises),
    )
}
