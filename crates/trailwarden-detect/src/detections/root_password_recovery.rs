//! Somebody resets the password of the root user by mail.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-password-recovery",
    title: "Root password recovery",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CA-05"],
    select: Select {
        events: &["signin:PasswordRecoveryRequested", "signin:PasswordRecoveryCompleted"],
        outcomes: &[],
        flags: Flags::ROOT,
        reads: Reads::Record,
    },
    attack: &["T1078.004"],
    risk: "Whoever reads the root user's mail owns the account when this is done.",
    false_positives: &["The owner has forgotten the password: ask, by another way than mail."],
    remedies: &["reset-root-credentials", "enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[
        "root signin:PasswordRecoveryRequested",
        "root signin:PasswordRecoveryCompleted",
        "root signin:PasswordRecoveryRequested failed",
    ],
    quiet_on: &["alice signin:PasswordRecoveryRequested"],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let done = match event.name() {
        "PasswordRecoveryCompleted" => {
            event.done_or("set a new password", "tried to set a new password")
        }
        _ => event.done_or("asked for a new password", "tried to ask for a new password"),
    };
    let account = event.account.map(|account| account.to_string()).unwrap_or_default();
    let text = format!(
        "Somebody at {} {done} of the root user of account {account} by mail{{times}}.",
        event.address
    );
    Some(Match::on_caller(event, text))
}
