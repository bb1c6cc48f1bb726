//! One address fails to sign in as many users.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "password-spraying",
    title: "Failed sign-ins as many users from one address",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CL-03"],
    select: Select {
        events: &["signin:ConsoleLogin"],
        outcomes: &[Outcome::Failed, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1110.003"],
    risk: "Trying one common password on many users stays below the lockout of each.",
    false_positives: &[
        "An office behind one address on the morning after a password change: look at the users and at what follows.",
    ],
    remedies: &["enable-mfa", "block-address"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"u0 signin:ConsoleLogin failed ip=203.0.113.9
             u1 signin:ConsoleLogin failed ip=203.0.113.9
             u2 signin:ConsoleLogin failed ip=203.0.113.9
             u3 signin:ConsoleLogin failed ip=203.0.113.9
             u4 signin:ConsoleLogin failed ip=203.0.113.9"#,
        r#"nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}
             nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}
             nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}
             nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}
             nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}"#,
        r#"alice signin:ConsoleLogin failed ip=203.0.113.9
             bob signin:ConsoleLogin failed ip=203.0.113.9
             nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}
             nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}
             nobody signin:ConsoleLogin failed ip=203.0.113.9 {"userIdentity":{"type":"IAMUser","accountId":"111122223333","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}}"#,
    ],
    quiet_on: &[
        r#"alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9"#,
        r#"u0 signin:ConsoleLogin failed ip=203.0.113.0
             u1 signin:ConsoleLogin failed ip=203.0.113.1
             u2 signin:ConsoleLogin failed ip=203.0.113.2
             u3 signin:ConsoleLogin failed ip=203.0.113.3
             u4 signin:ConsoleLogin failed ip=203.0.113.4"#,
        r#"u0 signin:ConsoleLogin ip=203.0.113.9
             u1 signin:ConsoleLogin ip=203.0.113.9
             u2 signin:ConsoleLogin ip=203.0.113.9
             u3 signin:ConsoleLogin ip=203.0.113.9
             u4 signin:ConsoleLogin ip=203.0.113.9
             u5 signin:ConsoleLogin ip=203.0.113.9"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 5, within_seconds: 30 * MINUTE, tell }),
};

/// What CloudTrail writes when the name typed is no user's: it might be a password.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    let name = event.caller.name();
    // Hidden names look alike and may be as many users as there are records.
    let user =
        if name == HIDDEN || name.is_empty() { cx.record_value() } else { cx.within_account(name) };
    (cx.row().address != 0).then_some((cx.row().address, user))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let mut names: Vec<&str> = story.events.iter().map(|event| event.caller.name()).collect();
    names.retain(|name| *name != HIDDEN && !name.is_empty());
    names.sort_unstable();
    names.dedup();
    let known = if names.is_empty() {
        "all of them unknown to the account".to_owned()
    } else {
        format!("among them {}", names.join(", "))
    };
    let address = &event.address;
    let text = format!(
        "Somebody at {address} failed to sign in as {} users within {}, {known}.",
        story.distinct,
        story.span()
    );
    // Without a single known name it may be one person who mistypes his own.
    let confidence = if names.is_empty() { Confidence::Low } else { Confidence::Medium };
    let target = Party {
        kind: Some("account".to_owned()),
        address: Some(address.clone()),
        ..Party::default()
    };
    Some(Match::about(target, text).subject(address.clone()).confidence(confidence))
}
