//! A credential of another user that was switched off is switched on again.
//!
//! Access keys, and the kinds beside them that few look at. How long it was off is for the account model
//! to say.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "credential-reactivated-by-another",
    title: "Credential of another user reactivated",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-05"],
    select: Select {
        events: &[
            "iam:UpdateAccessKey",
            "iam:UpdateSigningCertificate",
            "iam:UpdateSSHPublicKey",
            "iam:UpdateServiceSpecificCredential",
        ],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.001"],
    risk: "A credential that was retired or taken from somebody works again, and leaves no new one to be found.",
    false_positives: &[
        "A rotation that is taken back because something broke: the new key is used within the day.",
    ],
    remedies: &["deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Active"}}"#,
        r#"role/app iam:UpdateSSHPublicKey user/alice {"request":{"sSHPublicKeyId":"APKAOLD","status":"Active"}}"#,
        r#"root iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Active"}}"#,
    ],
    quiet_on: &[
        r#"alice iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Active"}}"#,
        r#"admin iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Inactive"}}"#,
        "mallory iam:UpdateAccessKey user/alice denied",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.is_on_caller() {
        return None;
    }
    let (what, id, status) = match &event.call {
        Call::UpdateAccessKey(call) => ("access key", &call.access_key_id, &call.status),
        Call::UpdateSigningCertificate(call) => {
            ("signing certificate", &call.certificate_id, &call.status)
        }
        Call::UpdateSSHPublicKey(call) => ("SSH key", &call.ssh_public_key_id, &call.status),
        Call::UpdateServiceSpecificCredential(call) => {
            ("service credential", &call.service_specific_credential_id, &call.status)
        }
        _ => return None,
    };
    if status.as_deref() != Some("Active") {
        return None;
    }
    let id = id.as_deref().unwrap_or("unknown");
    let user = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
    let text = format!("{{actor}} switched the {what} {id} of user {user} on again{{times}}.");
    Some(Match::on_target(event, text).subject(id).weighed(Weight::AtLeast(Severity::Low)))
}
