//! Somebody tries passwords of the root user.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-login-failures",
    title: "Repeated failed root sign-ins",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-RT-03"],
    select: Select {
        events: &["signin:ConsoleLogin"],
        outcomes: &[Outcome::Failed, Outcome::Denied],
        flags: Flags::ROOT,
        reads: Reads::Row,
    },
    attack: &["T1110.001"],
    risk: "Whoever guesses that password owns the account, unless MFA stands in the way.",
    false_positives: &[
        "The owner who has forgotten the password: a recovery or a success follows from the same address.",
    ],
    remedies: &["enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[r#"root signin:ConsoleLogin failed
             root signin:ConsoleLogin failed
             root signin:ConsoleLogin failed"#],
    quiet_on: &[
        r#"root signin:ConsoleLogin failed
             root signin:ConsoleLogin failed
             root signin:ConsoleLogin"#,
        r#"root signin:ConsoleLogin failed
             +20m root signin:ConsoleLogin failed
             +20m root signin:ConsoleLogin failed"#,
        r#"alice signin:ConsoleLogin failed
             alice signin:ConsoleLogin failed
             alice signin:ConsoleLogin failed"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 3, within_seconds: 10 * MINUTE, tell }),
};

/// Every failure counts for itself.
fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    Some((cx.within_account("root"), cx.record_value()))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.last()?;
    let text = format!(
        "Somebody failed {} times within {} to sign in as the root user, last from {}.",
        story.total,
        story.span(),
        event.address
    );
    Some(Match::on_caller(event, text))
}
