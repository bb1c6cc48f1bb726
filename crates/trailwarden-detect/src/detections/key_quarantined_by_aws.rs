//! AWS found a key in public and put its user under quarantine.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "key-quarantined-by-aws",
    title: "Leaked key quarantined by AWS",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-CA-04"],
    select: Select {
        events: &["iam:AttachUserPolicy", "iam:PutUserPolicy"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1552.001"],
    risk: "The user's access key stands somewhere in public. The quarantine stops only some of what can be done with it.",
    false_positives: &[
        "None known: AWS attaches this policy when it has found the key in public. Attached by hand it is containment, and means the same.",
    ],
    remedies: &["deactivate-access-key", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"alice iam:AttachUserPolicy user/alice {"request":{"policyArn":"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"}}"#,
        r#"service/iam.amazonaws.com iam:AttachUserPolicy user/alice {"request":{"policyArn":"arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine"}}"#,
        r#"role/respond/s iam:PutUserPolicy user/alice {"request":{"policyName":"AWSCompromisedKeyQuarantineV2"}}"#,
    ],
    quiet_on: &[
        r#"alice iam:AttachUserPolicy user/alice {"request":{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let policy = event.request("policyArn").or_else(|| event.request("policyName"))?;
    let name = policy.rsplit('/').next().unwrap_or(policy);
    if !name.starts_with("AWSCompromisedKeyQuarantine") {
        return None;
    }
    let user = event.target_name();
    let text = format!(
        "User {user} was put under quarantine with {name} by {{actor}}{{times}}: an access key of this user is public. Everything \
         its keys did is suspect."
    );
    Some(Match::on_target(event, text))
}
