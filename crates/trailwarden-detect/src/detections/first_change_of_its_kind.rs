//! A principal makes a change to IAM that it has not made before.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "first-change-of-its-kind",
    title: "First change of its kind by a principal",
    severity: Severity::Low,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-AN-01"],
    select: Select {
        events: &[
            "iam:<writes>",
            "organizations:<writes>",
            "sts:GetFederationToken",
            "sts:GetSessionToken",
            "sts:AssumeRoot",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Row,
    },
    attack: &["T1078.004"],
    risk: "A stolen identity does what its owner never did.",
    false_positives: &["A new task: look at what the change did."],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::History,
    fires_on: &[
        r#"alice ec2:DescribeInstances
             +20d alice iam:CreateUser user/eve"#,
        r#"role/app/s s3:ListBuckets
             +20d role/app/s iam:AttachUserPolicy user/eve denied"#,
        r#"alice iam:CreateUser user/a
             +1d bob ec2:DescribeInstances
             +100d alice iam:CreateUser user/b"#,
    ],
    quiet_on: &[
        r#"alice iam:CreateUser user/a
             +20d alice iam:CreateUser user/b"#,
        r#"bob ec2:DescribeInstances
             +20d alice iam:CreateUser user/a
             +1d alice iam:CreateRole role/x"#,
        r#"alice ec2:DescribeInstances
             +5d alice iam:CreateUser user/eve"#,
    ],
    logic: Logic::First(First { of, learn_days: 14, memory_days: 90, tell }),
};

fn of(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let counts = cx.actor() != 0 && !cx.has(Flags::INVOKED_BY_SERVICE);
    counts.then(|| (cx.actor(), cx.action_value()))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let done = event.done_or("called", "tried");
    let text = format!(
        "{{actor}} {done} {} for the first time in 90 days, on {}.",
        event.action(),
        event.target_phrase()
    );
    let subject = format!("{} {}", event.caller.stable, event.action());
    Some(Match::on_caller(event, text).subject(subject))
}
