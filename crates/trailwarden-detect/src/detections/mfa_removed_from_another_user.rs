//! The second factor of another user is taken off; root's is for `root-credential-changed`.
//!
//! Deleting a virtual device is a second step after its deactivation, and its record names the device
//! only, so it is low.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "mfa-removed-from-another-user",
    title: "MFA device of another user removed",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-17"],
    select: Select {
        events: &["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1556.006"],
    risk: "The user signs in with the password alone from now on, and so does whoever has the password.",
    false_positives: &[
        "A help desk that replaces a lost device: a new one is enabled by the user within the hour.",
    ],
    remedies: &["enable-mfa", "reset-console-password"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:DeactivateMFADevice user/alice {"request":{"serialNumber":"arn:aws:iam::111122223333:mfa/alice"}}"#,
        "root iam:DeactivateMFADevice user/alice",
        "role/app iam:DeactivateMFADevice user/alice denied",
        r#"mallory iam:DeleteVirtualMFADevice {"request":{"serialNumber":"arn:aws:iam::111122223333:mfa/alice"}}"#,
    ],
    quiet_on: &[
        "root iam:DeactivateMFADevice",
        r#"mallory iam:DeleteVirtualMFADevice {"request":{"serialNumber":"arn:aws:iam::111122223333:mfa/root-account-mfa-device"}}"#,
        "alice iam:DeactivateMFADevice user/alice",
        "alice iam:DeactivateMFADevice",
        r#"alice iam:DeleteVirtualMFADevice {"request":{"serialNumber":"arn:aws:iam::111122223333:mfa/alice"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let target = event.target()?;
    if matches!(event.call, Call::DeleteVirtualMFADevice(_)) {
        let serial = target.name.clone()?;
        let device = Arn::parse(&serial).map_or(serial.as_str(), |arn| arn.name());
        // By habit a device is named after its user.
        if event.caller.is_user(device) || device == "root-account-mfa-device" {
            return None;
        }
        let deleted = event.done_or("deleted", "tried to delete");
        let text = format!("{{actor}} {deleted} the virtual MFA device {device}{{times}}.");
        return Some(Match::on_target(event, text).attempted_if_not(event.outcome, Severity::Low));
    }
    if event.is_on_caller() {
        return None;
    }
    let user = target.name?;
    let removed = event.done_or("removed", "tried to remove");
    let device = event.request("serialNumber").map(|serial| format!(" ({serial})"));
    let text = format!(
        "{{actor}} {removed} the MFA device of user {user}{{times}}{}.",
        device.unwrap_or_default()
    );
    Some(Match::on_target(event, text))
}
