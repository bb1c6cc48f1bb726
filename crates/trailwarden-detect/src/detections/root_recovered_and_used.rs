//! The root password is reset by mail, and then root signs in.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-recovered-and-used",
    title: "Root password recovered, then used",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-CA-05"],
    select: Select {
        events: &[
            "signin:PasswordRecoveryRequested",
            "signin:PasswordRecoveryCompleted",
            "signin:ConsoleLogin",
        ],
        outcomes: &[],
        flags: Flags::ROOT,
        reads: Reads::Row,
    },
    attack: &["T1078.004"],
    risk: "Whoever reads the root user's mail has taken the account.",
    false_positives: &["The owner had forgotten the password: ask, by another way than mail."],
    remedies: &["reset-root-credentials", "enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[r#"root signin:PasswordRecoveryRequested
             +5m root signin:PasswordRecoveryCompleted
             +2h root signin:ConsoleLogin"#],
    quiet_on: &[
        r#"root signin:PasswordRecoveryRequested
             +2h root signin:ConsoleLogin"#,
        r#"root signin:PasswordRecoveryRequested
             root signin:PasswordRecoveryCompleted
             root signin:ConsoleLogin failed"#,
        r#"root signin:PasswordRecoveryRequested
             root signin:PasswordRecoveryCompleted
             +3d root signin:ConsoleLogin"#,
    ],
    logic: Logic::Sequence(Sequence { steps: STEPS, any_order: false, within_seconds: DAY, tell }),
};

static STEPS: &[Step] = &[
    Step { joins: asked, at_least: 1 },
    Step { joins: reset, at_least: 1 },
    Step { joins: signed_in, at_least: 1 },
];

fn step(cx: &Cx<'_>, name: &str) -> Option<(u64, u64)> {
    (cx.name() == name && cx.succeeded()).then(|| (cx.within_account("root"), 0))
}

fn asked(cx: &Cx<'_>) -> Option<(u64, u64)> {
    step(cx, "PasswordRecoveryRequested")
}

fn reset(cx: &Cx<'_>) -> Option<(u64, u64)> {
    step(cx, "PasswordRecoveryCompleted")
}

fn signed_in(cx: &Cx<'_>) -> Option<(u64, u64)> {
    step(cx, "ConsoleLogin")
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let (first, last) = (story.first()?, story.last()?);
    let text = format!(
        "The password of the root user was reset by mail from {}, and the root user signed in from {} within {}.",
        first.address,
        last.address,
        story.span()
    );
    Some(Match::on_caller(last, text).by_last())
}
