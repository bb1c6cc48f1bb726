//! A user makes himself another way in: a second active key, or a first one beside a console password.
//!
//! What the user had before is what the account model knows: from a baseline, and from keys that the
//! logs have shown. What it does not know stays untold.

use trailwarden_account::identity::{Identity, KeyStatus, Kind};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "access-key-beside-password-or-key",
    title: "Access key added to credentials that were enough",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-04"],
    select: Select {
        events: &["iam:CreateAccessKey"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.001"],
    risk: "Whoever holds a stolen session or key makes a key of his own, which goes on when the stolen one is gone.",
    false_positives: &[
        "Rotation: the older key is deactivated soon after; see that it is.",
        "A person who begins to work with the command line: IAM Identity Center or a role gives credentials that end by themselves.",
    ],
    remedies: &["deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        "alice iam:CreateAccessKey key=AKIAOLD",
        r#"admin iam:CreateUser user/alice
           admin iam:CreateLoginProfile user/alice
           alice iam:CreateAccessKey key=ASIACONSOLE"#,
    ],
    quiet_on: &[
        "alice iam:CreateAccessKey key=ASIACONSOLE",
        r#"admin iam:CreateUser user/alice
           alice iam:CreateAccessKey key=ASIACONSOLE"#,
        "mallory iam:CreateAccessKey user/alice",
        "alice iam:CreateAccessKey denied",
        r#"alice iam:ListUsers key=AKIAOLD
           alice iam:UpdateAccessKey key=ASIACONSOLE {"request":{"accessKeyId":"AKIAOLD","status":"Inactive"}}
           alice iam:CreateAccessKey key=ASIACONSOLE"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let owner = event.target()?.name?;
    // A key for somebody else has a detection of its own.
    if !event.caller.is_user(&owner) {
        return None;
    }
    let user = cx.change()?.informed.find(Kind::User, &owner)?;
    let (severity, beside) = match active_key(user) {
        // Rotation begins like this.
        Some(key) => (Severity::Low, format!("beside {key}, which is active")),
        None if is_first_beside_password(user) => {
            (Severity::Medium, "and had only a console password before".to_owned())
        }
        None => return None,
    };
    let text = format!("{{actor}} created another access key for user {owner}, {beside}.");
    Some(Match::on_target(event, text).severity(severity))
}

fn active_key(user: &Identity) -> Option<&str> {
    let mut keys = user.keys.iter();
    let active = keys.find(|(_, status)| status.value() == Some(&KeyStatus::Active))?;
    Some(active.0)
}

/// Whether the user is known to have a console password and never to have had a key.
fn is_first_beside_password(user: &Identity) -> bool {
    let has_password = user.login.value().is_some_and(Option::is_some);
    has_password && user.keys.is_complete() && user.keys.is_empty()
}
