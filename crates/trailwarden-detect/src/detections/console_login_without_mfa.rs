//! An IAM user signs in with a password alone.
//!
//! Only IAM users: where a role or federation signs in, its provider asked for the second factor.

use crate::prelude::*;
use crate::sign_in::without_mfa;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "console-login-without-mfa",
    title: "Console sign-in without MFA",
    severity: Severity::Medium,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-CL-01"],
    select: Select {
        events: &["signin:ConsoleLogin"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags::USER,
        reads: Reads::Record,
    },
    attack: &["T1078.004"],
    risk: "A guessed, reused or stolen password is enough to become this user.",
    false_positives: &[
        "A user who has no MFA device yet: register one, and deny everything without MFA until then.",
    ],
    remedies: &["enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"alice signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
        "alice signin:ConsoleLogin",
    ],
    quiet_on: &[
        r#"alice signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"Yes"}}"#,
        r#"alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"No"}}"#,
        r#"role/AWSReservedSSO_Admin_0123456789abcdef/alice signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
        r#"root signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
    ],
    logic: Logic::Each(without_mfa),
};
