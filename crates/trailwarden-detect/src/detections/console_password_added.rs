//! A user who had no console password gets one.
//!
//! The call fails for a user who has one, so until now the user had keys at most. A new joiner looks the
//! same, and is told by his user's creation within the hour before and by a password that must be changed.
//! Root's own password is `root-credential-changed`.

use trailwarden_account::Kind;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "console-password-added",
    title: "Console password added to an existing user",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-06"],
    select: Select {
        events: &["iam:CreateLoginProfile"],
        // A call that failed changed nothing, and says that the user has a password already.
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.001"],
    risk: "A user of keys can now sign in to the console, with a password that whoever set it knows.",
    false_positives: &[
        "A service user that becomes a person: make a user for the person instead. Joiner automation that sets no change of password: let it.",
    ],
    remedies: &["delete-login-profile"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:CreateLoginProfile user/backup",
        "backup iam:CreateLoginProfile user/backup",
        r#"role/app/i-0123456789abcdef0 iam:CreateLoginProfile user/backup {"request":{"passwordResetRequired":true}}"#,
        r#"mallory iam:CreateUser user/eve
+5m mallory iam:CreateLoginProfile user/eve {"request":{"passwordResetRequired":false}}"#,
        "mallory iam:CreateLoginProfile user/backup denied",
    ],
    quiet_on: &[
        r#"admin iam:CreateUser user/joiner
+5m admin iam:CreateLoginProfile user/joiner {"request":{"passwordResetRequired":true}}"#,
        "admin iam:CreateLoginProfile user/alice failed=EntityAlreadyExistsException",
        "root iam:CreateLoginProfile",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let Call::CreateLoginProfile(call) = &event.call else { return None };
    let user = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
    let is_own = event.is_on_caller();
    if is_own && event.caller.kind == CallerKind::Root {
        return None;
    }
    let is_joiner = made(cx, event, &user).is_some_and(|made| event.time.since(made) <= HOUR);
    let must_change = call.password_reset_required == Some(true);
    let gave = event.done_or("gave", "tried to give");
    let whom = if is_own { ", itself," } else { "" };
    let how = match (is_joiner, must_change) {
        // A refusal carries no parameters.
        _ if event.outcome == Outcome::Denied => "",
        (_, true) => " that must be changed at the first sign-in",
        (true, false) => " that need not be changed, minutes after the user was made",
        (false, false) => " that need not be changed",
    };
    let severity = if is_joiner || must_change { Severity::Medium } else { Severity::High };
    // A joiner's first password is news only where he may do much.
    let weight = match is_joiner && must_change {
        true => Weight::Effect,
        false => Weight::AtLeast(Severity::Low),
    };
    let text = format!("{{actor}} {gave} user {user}{whom} a console password{how}{{times}}.");
    let matched = Match::on_target(event, text).attempted_if_not(event.outcome, severity);
    Some(matched.weighed(weight))
}

/// When the user was made, as far as the account's model knows.
fn made(cx: &Cx<'_>, event: &Event, user: &str) -> Option<Timestamp> {
    let model = match cx.change() {
        Some(change) => &change.informed,
        None => cx.models().get(event.account?)?,
    };
    model.find(Kind::User, user)?.created.value().copied()
}
