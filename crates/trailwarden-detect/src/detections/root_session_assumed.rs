//! A root session is opened in a member account.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "root-session-assumed",
    title: "Root session opened in a member account",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CA-08"],
    select: Select {
        events: &["sts:AssumeRoot"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1548.005"],
    risk: "A root session can unlock what the account's own administrators were locked out of, or give its root user credentials again.",
    false_positives: &[
        "Central clean-up of root credentials: suppress it for the role that does it, until the clean-up is over.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory sts:AssumeRoot {"request":{"targetPrincipal":"444455556666","taskPolicyArn":{"arn":"arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword"}}}"#,
        "role/app/s sts:AssumeRoot denied",
        r#"mallory sts:AssumeRoot {"request":{"targetPrincipal":"444455556666","taskPolicyArn":{"arn":"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}}}"#,
    ],
    quiet_on: &[
        r#"service/securityhub.amazonaws.com sts:AssumeRoot {"request":{"targetPrincipal":"444455556666"}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.caller.is_aws() {
        return None;
    }
    let Call::StsAssumeRoot(call) = &event.call else { return None };
    let task = call.task_policy_arn.as_deref().unwrap_or("a task that the record does not name");
    let task = task.rsplit('/').next().unwrap_or(task);
    let done = event.done_or("opened", "tried to open");
    let account = event.target_name();
    let text =
        format!("{{actor}} {done} a root session in account {account}{{times}}, for {task}.");
    // This task only reads.
    let severity =
        if task == "IAMAuditRootUserCredentials" { Severity::Low } else { Severity::High };
    let matched = Match::on_target(event, text).subject(format!("{account} {task}"));
    Some(matched.attempted_if_not(event.outcome, severity))
}
