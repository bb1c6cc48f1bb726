//! Somebody makes a credential of a kind that few look for, for another user.
//!
//! SSH keys for Git, X.509 signing certificates and passwords or keys for one service stand in no list of
//! access keys. A user who uploads an SSH key of his own is ordinary; signing certificates are so old that
//! a new one is worth a look whoever it is for.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "uncommon-credential-for-another-user",
    title: "Uncommon credential made for another user",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-20"],
    select: Select {
        events: &[
            "iam:UploadSSHPublicKey",
            "iam:UploadSigningCertificate",
            "iam:CreateServiceSpecificCredential",
            "iam:ResetServiceSpecificCredential",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.001"],
    risk: "The credential works on after every access key and password of the user is gone.",
    false_positives: &[
        "Setup of a service user for Git or a database by its administrator: suppress it for the role that does it.",
    ],
    remedies: &["delete-credential"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:UploadSSHPublicKey user/alice",
        r#"role/app iam:CreateServiceSpecificCredential user/alice {"request":{"serviceName":"bedrock.amazonaws.com"}}"#,
        "mallory iam:ResetServiceSpecificCredential user/alice",
        "alice iam:UploadSigningCertificate",
        "root iam:UploadSigningCertificate user/alice",
        "mallory iam:CreateServiceSpecificCredential user/alice denied",
    ],
    quiet_on: &[
        "alice iam:UploadSSHPublicKey user/alice",
        r#"alice iam:CreateServiceSpecificCredential user/alice {"request":{"serviceName":"codecommit.amazonaws.com"}}"#,
        "alice iam:ResetServiceSpecificCredential",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let is_own = event.is_on_caller();
    let what = match &event.call {
        Call::UploadSSHPublicKey(_) => "an SSH key for Git",
        Call::UploadSigningCertificate(_) => "an X.509 signing certificate",
        Call::CreateServiceSpecificCredential(_) => "a credential",
        _ => "a new password for a credential",
    };
    let severity = match (&event.call, is_own) {
        (Call::UploadSigningCertificate(_), true) => Severity::Medium,
        (_, true) => return None,
        (_, false) => Severity::High,
    };
    let service = event
        .request("serviceName")
        .or_else(|| event.response("serviceSpecificCredential.serviceName"))
        .map(|service| format!(" for {service}"))
        .unwrap_or_default();
    let user = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
    let gave = event.done_or("gave", "tried to give");
    let whom = if is_own { ", itself," } else { "" };
    let text = format!("{{actor}} {gave} user {user}{whom} {what}{service}{{times}}.");
    let matched = Match::on_target(event, text);
    let subject = format!("{} {what}", matched.subject);
    Some(
        matched
            .subject(subject)
            .attempted_if_not(event.outcome, severity)
            .weighed(Weight::AtLeast(Severity::Low)),
    )
}
