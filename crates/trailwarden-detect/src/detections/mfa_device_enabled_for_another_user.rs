//! Somebody gives another user an MFA device.
//!
//! People enable their own devices. A second device on a privileged user waits for the account model.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "mfa-device-enabled-for-another-user",
    title: "MFA device enabled for another user",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-16"],
    select: Select {
        events: &["iam:EnableMFADevice"],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1556.006"],
    risk: "Whoever holds the device can answer for the user wherever a second factor is asked.",
    false_positives: &["A help desk that hands out hardware tokens: suppress it for its role."],
    remedies: &["remove-mfa-device", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:EnableMFADevice user/alice {"request":{"serialNumber":"arn:aws:iam::111122223333:mfa/x"}}"#,
        "role/app iam:EnableMFADevice user/alice",
        "mallory iam:EnableMFADevice user/alice denied",
    ],
    quiet_on: &[
        "alice iam:EnableMFADevice user/alice",
        "mallory iam:EnableMFADevice user/alice failed=InvalidAuthenticationCode",
        r#"root iam:EnableMFADevice user/root"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.is_on_caller() {
        return None;
    }
    let user = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
    // Root enables its own device under a name that is no user's.
    if event.caller.kind == CallerKind::Root && user == "root" {
        return None;
    }
    let gave = event.done_or("gave", "tried to give");
    let device = event.request("serialNumber").map(|serial| format!(" ({serial})"));
    let text = format!(
        "{{actor}} {gave} user {user} an MFA device{{times}}{}.",
        device.unwrap_or_default()
    );
    Some(Match::on_target(event, text))
}
