//! A user or role is made, changes IAM and is deleted within a day.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "short-lived-principal",
    title: "User or role created, used and deleted within a day",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-DE-12"],
    select: Select {
        events: &["iam:<writes>"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1070"],
    risk: "A principal that lives for hours does its work under a name that nobody looks up afterwards.",
    false_positives: &[
        "Tests that create and delete principals which change IAM themselves: suppress it for the test role.",
    ],
    remedies: &["revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateUser user/tmp
             +5m tmp iam:CreateAccessKey user/alice
             +1h mallory iam:DeleteUser user/tmp"#,
        r#"mallory iam:CreateRole role/tmp
             +5m role/tmp/s iam:AttachRolePolicy role/app
             +1h mallory iam:DeleteRole role/tmp"#,
    ],
    quiet_on: &[
        r#"alice iam:CreateUser user/tmp
             +1h alice iam:DeleteUser user/tmp"#,
        r#"alice iam:CreateUser user/bob
             +5m bob iam:CreateAccessKey user/bob
             +40d alice iam:DeleteUser user/bob"#,
        r#"mallory iam:CreateUser user/tmp
             +5m tmp iam:CreateAccessKey user/alice
             +1h mallory iam:DeleteUser user/tmp failed=DeleteConflict"#,
        r#"mallory iam:CreateUser user/tmp
             +5m tmp iam:CreateAccessKey user/alice denied
             +1h mallory iam:DeleteUser user/tmp"#,
    ],
    logic: Logic::Sequence(Sequence { steps: STEPS, any_order: false, within_seconds: DAY, tell }),
};

static STEPS: &[Step] = &[
    Step { joins: made, at_least: 1 },
    Step { joins: acted, at_least: 1 },
    Step { joins: deleted, at_least: 1 },
];

fn made(cx: &Cx<'_>) -> Option<(u64, u64)> {
    target(cx, "CreateUser", "CreateRole")
}

fn deleted(cx: &Cx<'_>) -> Option<(u64, u64)> {
    target(cx, "DeleteUser", "DeleteRole")
}

fn target(cx: &Cx<'_>, user: &str, role: &str) -> Option<(u64, u64)> {
    if !cx.succeeded() || !(cx.name() == user || cx.name() == role) {
        return None;
    }
    let kind = if cx.name() == user { "user" } else { "role" };
    let name = cx.event()?.target()?.name?;
    Some((cx.within_account(&format!("{kind}/{name}")), 0))
}

fn acted(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let caller = &cx.event()?.caller;
    if !cx.succeeded() {
        return None;
    }
    let name = match caller.kind {
        CallerKind::User => format!("user/{}", caller.user_name),
        CallerKind::Role => format!("role/{}", caller.role_name()?),
        _ => return None,
    };
    Some((cx.within_account(&name), cx.action_value()))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let made =
        story.events.iter().find(|event| matches!(event.name(), "CreateUser" | "CreateRole"))?;
    let name = made.target_name();
    let kind = if made.name() == "CreateUser" { "user" } else { "role" };
    let text = format!(
        "{{actor}} created {kind} {name}, which changed IAM itself and was deleted {} later.",
        story.span()
    );
    Some(Match::on_target(made, text))
}
