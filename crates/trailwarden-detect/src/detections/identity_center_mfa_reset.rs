//! Somebody takes an MFA device from another person, or weakens MFA for all.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "identity-center-mfa-reset",
    title: "Identity Center MFA reset or weakened",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-IC-05"],
    select: Select {
        events: &[
            "sso-directory:DeleteMfaDeviceForUser",
            "sso-directory:UpdateMfaDeviceForUser",
            "sso-directory:StartVirtualMfaDeviceRegistration",
            "sso-directory:CompleteVirtualMfaDeviceRegistration",
            "sso:PutMfaDeviceManagementForDirectory",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1556.006"],
    risk: "With the device gone a known password is enough, or the next device belongs to the intruder.",
    false_positives: &[
        "The help desk resetting a lost device: check that the person asked for it.",
    ],
    remedies: &["enable-mfa", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory sso-directory:DeleteMfaDeviceForUser {"request":{"userId":"906-1","deviceId":"d1"}}"#,
        r#"role/admin/s sso-directory:StartVirtualMfaDeviceRegistration {"request":{"userId":"906-1"}}"#,
        r#"mallory sso:PutMfaDeviceManagementForDirectory {"request":{"directoryId":"d-1","configuration":{"mfaMode":"OPTIONAL"}}}"#,
        "mallory sso-directory:DeleteMfaDeviceForUser denied",
    ],
    quiet_on: &[
        r#"nobody sso-directory:DeleteMfaDeviceForUser {"userIdentity":{"type":"IdentityCenterUser","accountId":"111122223333","onBehalfOf":{"userId":"906-1","identityStoreArn":"arn:aws:identitystore::111122223333:identitystore/d-1"}},"request":{"userId":"906-1","deviceId":"d1"}}"#,
        r#"alice sso:PutMfaDeviceManagementForDirectory {"request":{"directoryId":"d-1","configuration":{"mfaMode":"ALWAYS_ON"}}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.name() == "PutMfaDeviceManagementForDirectory" {
        return for_all(event);
    }
    let person = event.request("userId").unwrap_or("of unknown id");
    if event.text("userIdentity.onBehalfOf.userId") == Some(person) {
        return None;
    }
    let done = match event.name() {
        "DeleteMfaDeviceForUser" => {
            event.done_or("took an MFA device from", "tried to take an MFA device from")
        }
        "UpdateMfaDeviceForUser" => {
            event.done_or("changed an MFA device of", "tried to change an MFA device of")
        }
        _ => event.done_or("registered an MFA device for", "tried to register an MFA device for"),
    };
    Some(Match::on_target(
        event,
        format!("{{actor}} {done} the Identity Center user {person}{{times}}."),
    ))
}

/// The switch for the whole directory; only the strictest setting is known to weaken nothing.
fn for_all(event: &Event) -> Option<Match> {
    let mode = event.request("configuration.mfaMode").or_else(|| event.request("mfaMode"));
    if mode == Some("ALWAYS_ON") {
        return None;
    }
    let done = event.done_or("set", "tried to set");
    let mode = mode.unwrap_or("something that the record does not hold");
    let text =
        format!("{{actor}} {done} when Identity Center asks everybody for MFA to {mode}{{times}}.");
    Some(Match::on_target(event, text))
}
