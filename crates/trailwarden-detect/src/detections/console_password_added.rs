//! A user who had no console password gets one.
//!
//! The call fails for a user who has one, so until now the user had keys at most. A new joiner looks the
//! same, and is told by his user's creation an hour before by the same principal and by a password that
//! must be changed. Root's own password is `root-credential-changed`.

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
        events: &["iam:CreateLoginProfile", "iam:CreateUser"],
        outcomes: &[],
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
    logic: Logic::Watch(|| Box::new(Passwords { made: Recall::new(HOUR) })),
};

#[derive(Clone)]
struct Passwords {
    /// By user: who made it.
    made: Recall<(u64, Row)>,
}

impl Watch for Passwords {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let (Some(event), row) = (cx.event(), *cx.row()) else { return };
        let user = event.target().and_then(|target| target.name).unwrap_or_default();
        let group = cx.within_account(&user);
        if cx.name() == "CreateUser" {
            if cx.succeeded() {
                self.made.note(group, row.time(), (cx.origin(), row));
            }
            return;
        }
        // A failed call changed nothing, and says that the user has a password already.
        if cx.outcome() == Outcome::Failed {
            return;
        }
        let made = self.made.get(group, row.time()).filter(|(by, _)| *by == cx.origin());
        let mut rows: Vec<Row> = made.map(|(_, made)| *made).into_iter().collect();
        rows.push(row);
        let group = hash::pair(group, u64::from(cx.succeeded()));
        fires.push(Fire { group, rows, distinct: 1 });
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.named("CreateLoginProfile")?;
        let Call::CreateLoginProfile(call) = &event.call else { return None };
        let is_joiner = story.named("CreateUser").is_some();
        let must_change = call.password_reset_required == Some(true);
        if is_joiner && must_change {
            return None;
        }
        let user = event.target()?.name.unwrap_or_else(|| "unknown".to_owned());
        let gave = event.done_or("gave", "tried to give");
        let is_own = event.is_on_caller();
        if is_own && event.caller.kind == CallerKind::Root {
            return None;
        }
        let whom = if is_own { ", itself," } else { "" };
        let how = match (is_joiner, must_change) {
            // A refusal carries no parameters.
            _ if event.outcome == Outcome::Denied => "",
            (_, true) => " that must be changed at the first sign-in",
            (true, false) => " that need not be changed, minutes after making the user",
            (false, false) => " that need not be changed",
        };
        let severity = if is_joiner || must_change { Severity::Medium } else { Severity::High };
        let text = format!("{{actor}} {gave} user {user}{whom} a console password{how}.");
        Some(Match::on_target(event, text).by_last().attempted_if_not(event.outcome, severity))
    }

    fn is_truncated(&self) -> bool {
        self.made.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
