//! The root user signs in with a password alone.

use crate::prelude::*;
use crate::sign_in::without_mfa;

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
    logic: Logic::Each(without_mfa),
};
