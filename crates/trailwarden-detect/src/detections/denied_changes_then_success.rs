//! Several changes to IAM are refused to somebody, then one works.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "denied-changes-then-success",
    title: "IAM changes denied until one succeeded",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-FC-01"],
    select: Select { events: &["iam:<writes>"], outcomes: &[], flags: Flags(0), reads: Reads::Row },
    attack: &["T1098"],
    risk: "Somebody feels along the walls of a stolen identity for the one door that is open.",
    false_positives: &[
        "A new pipeline whose rights are being worked out: the refusals stop within days.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:CreateUser user/eve denied
             mallory iam:AttachUserPolicy user/mallory denied
             mallory iam:PutUserPolicy user/mallory denied
             mallory iam:CreateAccessKey user/alice"#,
        r#"bob sts:AssumeRole role/app issues=ASIAAPP
             role/app/s iam:CreateUser user/eve denied key=ASIAAPP
             role/app/s iam:CreateRole role/x denied key=ASIAAPP
             role/app/s iam:PutRolePolicy role/app denied key=ASIAAPP
             bob iam:CreateLoginProfile user/alice"#,
    ],
    quiet_on: &[
        r#"alice iam:CreateAccessKey user/alice
             alice iam:CreateUser user/eve denied
             alice iam:AttachUserPolicy user/alice denied
             alice iam:PutUserPolicy user/alice denied"#,
        r#"alice iam:CreateUser user/a denied
             alice iam:CreateUser user/b denied
             alice iam:CreateUser user/c denied
             alice iam:CreateUser user/d"#,
    ],
    logic: Logic::Sequence(Sequence { steps: STEPS, any_order: false, within_seconds: HOUR, tell }),
};

static STEPS: &[Step] =
    &[Step { joins: refused, at_least: 3 }, Step { joins: worked, at_least: 1 }];

fn step(cx: &Cx<'_>, outcome: Outcome) -> Option<(u64, u64)> {
    let origin = cx.origin();
    (cx.outcome() == outcome && origin != 0).then(|| (origin, cx.action_value()))
}

fn refused(cx: &Cx<'_>) -> Option<(u64, u64)> {
    step(cx, Outcome::Denied)
}

fn worked(cx: &Cx<'_>) -> Option<(u64, u64)> {
    step(cx, Outcome::Succeeded)
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let first = story.first()?;
    let refused = story.events.iter().filter(|event| event.outcome == Outcome::Denied).count();
    let worked = story.events.iter().find(|event| event.outcome == Outcome::Succeeded)?;
    let text = format!(
        "{{actor}} was refused at least {refused} changes to IAM and then succeeded with {} on {}, all within {}.",
        worked.name(),
        worked.target_phrase(),
        story.span()
    );
    Some(Match::on_caller(first, text))
}
