//! A password is set for somebody, and within an hour that user signs in from where it was set.
//!
//! The place is the network where a GeoIP database names it, else the address.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "sign-in-with-planted-password",
    title: "Sign-in with a password that another just set",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-08"],
    select: Select {
        events: &["iam:CreateLoginProfile", "iam:UpdateLoginProfile", "signin:ConsoleLogin"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.001", "T1078.004"],
    risk: "Whoever set the password most likely signed in as the user: the account of another person or service is in use.",
    false_positives: &[
        "An administrator and a joiner in one office, who share an address: the joiner confirms the sign-in.",
    ],
    remedies: &["reset-console-password", "delete-login-profile", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:UpdateLoginProfile user/alice ip=203.0.113.9
+20m alice signin:ConsoleLogin ip=203.0.113.9",
        "role/app iam:CreateLoginProfile user/backup ip=203.0.113.9
+0s backup signin:ConsoleLogin ip=203.0.113.9",
        "backup iam:CreateLoginProfile ip=203.0.113.9
+5m backup signin:ConsoleLogin ip=203.0.113.9",
    ],
    quiet_on: &[
        "admin iam:UpdateLoginProfile user/alice ip=192.0.2.10
+20m alice signin:ConsoleLogin ip=203.0.113.9",
        "alice iam:UpdateLoginProfile user/alice ip=192.0.2.10
+20m alice signin:ConsoleLogin ip=192.0.2.10",
        "mallory iam:UpdateLoginProfile user/alice ip=203.0.113.9
+20m alice signin:ConsoleLogin failed ip=203.0.113.9
+2h alice signin:ConsoleLogin ip=203.0.113.9",
    ],
    logic: Logic::Sequence(Sequence {
        steps: &[Step { joins: password_set, at_least: 1 }, Step { joins: signed_in, at_least: 1 }],
        any_order: false,
        within_seconds: HOUR,
        tell,
    }),
};

fn password_set(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    // To change one's own is ordinary; to give oneself the first one is not.
    if event.name() == "ConsoleLogin"
        || event.name() == "UpdateLoginProfile" && event.is_on_caller()
    {
        return None;
    }
    Some((user_at_place(cx, &event.target()?.name?)?, 1))
}

fn signed_in(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let event = cx.event()?;
    let user = event.caller.own_user().filter(|_| event.name() == "ConsoleLogin")?;
    Some((user_at_place(cx, &user)?, 1))
}

fn user_at_place(cx: &Cx<'_>, user: &str) -> Option<u64> {
    let row = cx.row();
    let place = if row.asn == 0 { row.address } else { u64::from(row.asn) };
    (place != 0 && row.flags.has(Flags::FROM_ADDRESS))
        .then(|| hash::pair(cx.within_account(user), place))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let set = story.events.iter().find(|event| event.name() != "ConsoleLogin")?;
    let login = story.named("ConsoleLogin")?;
    let user = set.target()?.name?;
    let text = format!(
        "{{actor}} set the console password of user {user}, who signed in within {} from the same place ({}).",
        story.span(),
        login.address
    );
    Some(Match::on_target(set, text))
}
