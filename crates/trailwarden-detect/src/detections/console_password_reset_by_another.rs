//! Somebody sets the console password of another user.
//!
//! People change their own password with `ChangePassword`, which asks for the old one.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "console-password-reset-by-another",
    title: "Console password of another user reset",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-07"],
    select: Select {
        events: &["iam:UpdateLoginProfile"],
        outcomes: &[Outcome::Succeeded, Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098"],
    risk: "Whoever set the password can sign in as that user and do all that the user may do.",
    false_positives: &[
        "A help desk that resets forgotten passwords: suppress it for its role, and let it require a change.",
    ],
    remedies: &["reset-console-password", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:UpdateLoginProfile user/alice",
        r#"role/app/i-0123456789abcdef0 iam:UpdateLoginProfile user/alice {"request":{"passwordResetRequired":false}}"#,
        "root iam:UpdateLoginProfile user/alice",
        "mallory iam:UpdateLoginProfile user/alice denied",
    ],
    quiet_on: &[
        "alice iam:UpdateLoginProfile user/Alice",
        "mallory iam:UpdateLoginProfile user/alice failed=PasswordPolicyViolation",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.is_on_caller() {
        return None;
    }
    let Call::UpdateLoginProfile(call) = &event.call else { return None };
    let user = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
    let set = event.done_or("set", "tried to set");
    let change = match call.password_reset_required {
        Some(true) => ", to be changed at the next sign-in",
        Some(false) => ", which need not be changed",
        None => "",
    };
    let text = format!("{{actor}} {set} the console password of user {user}{{times}}{change}.");
    Some(Match::on_target(event, text).weighed(Weight::AtLeast(Severity::Low)))
}
