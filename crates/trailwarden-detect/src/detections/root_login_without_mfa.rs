//! The root user signs in with a password alone.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-login-without-mfa",
    title: "Root sign-in without MFA",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-RT-02"],
    select: Select {
        events: &["signin:ConsoleLogin"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags::ROOT,
        reads: Reads::Record,
    },
    attack: &["T1078.004"],
    risk: "Whoever knows or resets that one password owns the account.",
    false_positives: &["A new account whose root has no MFA yet: register a device at once."],
    remedies: &["enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"root signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
        "root signin:ConsoleLogin",
    ],
    quiet_on: &[
        r#"root signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"YES"}}"#,
        r#"root signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"Yes"}}"#,
        r#"root signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"No"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let used = event.text("additionalEventData.MFAUsed");
    // Seen: Yes, YES, No.
    if used.is_some_and(|used| used.eq_ignore_ascii_case("yes")) {
        return None;
    }
    let (how, confidence) = match used {
        Some(_) => ("without MFA", Confidence::High),
        None => ("and the record does not say whether with MFA", Confidence::Low),
    };
    let text = format!("{{actor}} signed in to the console from {}{{times}} {how}.", event.address);
    Some(Match::on_caller(event, text).confidence(confidence))
}
