//! The password was right and the MFA code was not, again and again; then it was.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "login-after-mfa-failures",
    title: "Console sign-in after repeated MFA failures",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CL-04"],
    select: Select {
        events: &["signin:ConsoleLogin", "signin:CheckMfa"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1621"],
    risk: "Somebody who knows the password tried codes, or wore the user down, until one was accepted.",
    false_positives: &["A device whose clock is off: ask the user, and renew the device."],
    remedies: &["reset-password", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}
             alice signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"Yes"}}"#,
        r#"alice signin:CheckMfa {"response":{"CheckMfa":"Failure"}}
             alice signin:CheckMfa {"response":{"CheckMfa":"Failure"}}
             alice signin:CheckMfa {"response":{"CheckMfa":"Failure"}}
             alice signin:ConsoleLogin"#,
    ],
    quiet_on: &[
        r#"alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}
             alice signin:ConsoleLogin"#,
        r#"alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"Yes"}}"#,
        r#"alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"No"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"No"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"No"}}
             alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"No"}}
             alice signin:ConsoleLogin"#,
    ],
    logic: Logic::Sequence(Sequence {
        steps: STEPS,
        any_order: false,
        within_seconds: 30 * MINUTE,
        tell,
    }),
};

static STEPS: &[Step] =
    &[Step { joins: failed, at_least: 3 }, Step { joins: signed_in, at_least: 1 }];

fn user(cx: &Cx<'_>) -> Option<(u64, u64)> {
    Some((cx.within_account(cx.event()?.caller.name()), cx.record_value()))
}

/// A failure that got as far as the code: the password was right.
fn failed(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    let mfa_failed = match event.name() {
        "CheckMfa" => event.response("CheckMfa") == Some("Failure"),
        _ => {
            let used = event.text("additionalEventData.MFAUsed").unwrap_or_default();
            !cx.succeeded() && used.eq_ignore_ascii_case("yes")
        }
    };
    if mfa_failed { user(cx) } else { None }
}

fn signed_in(cx: &Cx<'_>) -> Option<(u64, u64)> {
    if cx.name() == "ConsoleLogin" && cx.succeeded() { user(cx) } else { None }
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.last()?;
    let text = format!(
        "{{actor}} signed in from {} after {} failed MFA codes within {}.",
        event.address,
        story.total.saturating_sub(1),
        story.span()
    );
    Some(Match::on_caller(event, text).by_last())
}
