//! A user's second factor is taken off, and within a day that user signs in without one.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "sign-in-after-mfa-removal",
    title: "Sign-in without MFA after its removal",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-17"],
    select: Select {
        events: &["iam:DeactivateMFADevice", "signin:ConsoleLogin"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1556.006", "T1078.004"],
    risk: "Taking the factor off served to get in with the password alone; somebody may be signed in as that user.",
    false_positives: &[
        "A lost device, replaced by the help desk, and the user signs in to register the new one: the user confirms it.",
    ],
    remedies: &["reset-console-password", "revoke-sessions", "enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:DeactivateMFADevice user/alice
+20h alice signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
        r#"alice iam:DeactivateMFADevice
+5m alice signin:ConsoleLogin ip=203.0.113.9 {"additionalEventData":{"MFAUsed":"No"}}"#,
        r#"root iam:DeactivateMFADevice
+5m root signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
    ],
    quiet_on: &[
        r#"mallory iam:DeactivateMFADevice user/alice
+5m alice signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"YES"}}"#,
        r#"mallory iam:DeactivateMFADevice user/alice
+5m bob signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
        r#"mallory iam:DeactivateMFADevice user/alice denied
+5m alice signin:ConsoleLogin {"additionalEventData":{"MFAUsed":"No"}}"#,
        r#"mallory iam:DeactivateMFADevice user/alice
+5m alice signin:ConsoleLogin failed {"additionalEventData":{"MFAUsed":"No"}}"#,
    ],
    logic: Logic::Sequence(Sequence {
        steps: &[Step { joins: removed, at_least: 1 }, Step { joins: signed_in, at_least: 1 }],
        any_order: false,
        within_seconds: DAY,
        tell,
    }),
};

fn removed(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    let Call::DeactivateMFADevice(call) = &event.call else { return None };
    Some((cx.within_account(call.user_name.as_deref()?), 1))
}

fn signed_in(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    let user = event.caller.own_user().filter(|_| event.name() == "ConsoleLogin")?;
    let used = event.text("additionalEventData.MFAUsed").unwrap_or_default();
    (!used.eq_ignore_ascii_case("yes")).then(|| (cx.within_account(&user), 1))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let (removed, login) = (story.named("DeactivateMFADevice")?, story.named("ConsoleLogin")?);
    let user = removed.target()?.name?;
    let is_own = removed.is_on_caller();
    let text = format!(
        "{{actor}} removed the MFA device of {}, who signed in without one {} later, from {}.",
        if user == "root" { "the root user".to_owned() } else { format!("user {user}") },
        story.span(),
        login.address
    );
    // People replace their own devices; a session in the wrong hands does the same.
    let severity = if is_own && user != "root" { Severity::Medium } else { Severity::Critical };
    Some(Match::on_target(removed, text).severity(severity))
}
