//! A password, MFA device or mail address of the root user changes. Its access keys are another
//! detection's, `root-access-key-created`.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-credential-changed",
    title: "Root credential or contact changed",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-RT-04"],
    select: Select {
        events: &[
            "iam:CreateLoginProfile",
            "iam:UpdateLoginProfile",
            "iam:EnableMFADevice",
            "iam:DeactivateMFADevice",
            "iam:DeleteVirtualMFADevice",
            "signin:PasswordUpdated",
            "signin:EmailUpdated",
            "account:PutContactInformation",
            "account:StartPrimaryEmailUpdate",
            "account:AcceptPrimaryEmailUpdate",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098"],
    risk: "Whoever holds the root user's credentials or mailbox can take the account and lock its owner out.",
    false_positives: &[
        "The owner setting up MFA or renewing a password: check that the person says so.",
    ],
    remedies: &["reset-root-credentials", "enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"root iam:DeactivateMFADevice {"request":{"serialNumber":"arn:aws:iam::111122223333:mfa/root-account-mfa-device"}}"#,
        "root signin:EmailUpdated",
        "root signin:PasswordUpdated",
        r#"role/app/s account:PutContactInformation {"request":{"contactInformation":{}}}"#,
        "mallory account:StartPrimaryEmailUpdate denied",
        r#"role/admin/s iam:CreateLoginProfile {"request":{"userName":"AWS ROOT USER"}}"#,
    ],
    quiet_on: &[
        "root iam:CreateLoginProfile user/alice",
        "alice iam:EnableMFADevice user/alice",
        "root iam:CreateAccessKey",
        "root iam:DeactivateMFADevice user/alice",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if cx.service() == "iam" && !is_for_root(event)
        || cx.service() == "signin" && event.caller.kind != CallerKind::Root
    {
        return None;
    }
    let (done, tried) = match event.name() {
        "CreateLoginProfile" => {
            ("gave the root user a password", "tried to give the root user a password")
        }
        "UpdateLoginProfile" | "PasswordUpdated" => (
            "changed the password of the root user",
            "tried to change the password of the root user",
        ),
        "EnableMFADevice" => {
            ("gave the root user an MFA device", "tried to give the root user an MFA device")
        }
        "DeactivateMFADevice" | "DeleteVirtualMFADevice" => (
            "took an MFA device from the root user",
            "tried to take an MFA device from the root user",
        ),
        "PutContactInformation" => {
            ("changed the contact information", "tried to change the contact information")
        }
        _ => (
            "changed the mail address of the root user",
            "tried to change the mail address of the root user",
        ),
    };
    let account = event.account.map(|account| account.to_string()).unwrap_or_default();
    let text = format!("{{actor}} {} in account {account}{{times}}.", event.done_or(done, tried));
    let matched = Match::on_target(event, text).subject(format!("root {} {account}", event.name()));
    Some(matched)
}

/// Whether an IAM call concerns the root user, who stands as `AWS ROOT USER` or by absence.
fn is_for_root(event: &Event) -> bool {
    match event.request("userName") {
        Some(name) => name == "AWS ROOT USER",
        None if event
            .request("serialNumber")
            .is_some_and(|serial| serial.ends_with(":mfa/root-account-mfa-device")) =>
        {
            true
        }
        None => event.caller.kind == CallerKind::Root && event.name() != "DeleteVirtualMFADevice",
    }
}
