//! A session changes the role that it is a session of.
//!
//! Comparing the caller's name with the target says nothing here: a session's own name is free text.
//! What counts is the role that issued it. What the new policy allows is not asked; a change that only
//! denies is quiet, for a role may revoke its own older sessions.

use trailwarden_policy::{Document, Effect};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "role-session-changed-its-own-role",
    title: "Role session changed its own role",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-SE-04"],
    select: Select {
        events: &[
            "iam:PutRolePolicy",
            "iam:AttachRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:DetachRolePolicy",
            "iam:DeleteRolePolicy",
        ],
        outcomes: &[Outcome::Succeeded, Outcome::Failed],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.003"],
    risk: "Whoever holds one session of the role can give all of its sessions more than its owner meant, at once and for good.",
    false_positives: &[
        "Deployment tooling that manages its own role: let another role do that, or suppress it for that role.",
    ],
    remedies: &["detach-policy", "narrow-policy", "remove-trust", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"role/app iam:PutRolePolicy role/app {"request":{"policyName":"p","policyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}"#,
        r#"instance/web/i-0123456789abcdef0 iam:AttachRolePolicy role/web {"request":{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}"#,
        "role/app/alice iam:UpdateAssumeRolePolicy role/App",
        r#"role/app iam:DetachRolePolicy role/app {"request":{"policyArn":"arn:aws:iam::aws:policy/AWSDenyAll"}}"#,
    ],
    quiet_on: &[
        "role/admin iam:PutRolePolicy role/app",
        "app iam:AttachRolePolicy role/app",
        r#"role/app iam:PutRolePolicy role/app {"request":{"policyName":"AWSRevokeOlderSessions","policyDocument":"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}"#,
        r#"role/app iam:AttachRolePolicy role/app {"request":{"policyArn":"arn:aws:iam::aws:policy/AWSDenyAll"}}"#,
        "role/app iam:PutRolePolicy role/app denied",
    ],
    logic: Logic::Text(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    if event.caller.kind != CallerKind::Role || !event.is_on_caller() || only_denies(event) {
        return None;
    }
    let role = event.target()?.name?;
    let (did, severity) = match &event.call {
        Call::UpdateAssumeRolePolicy(_) => ("changed who may assume", Severity::High),
        // What is taken off may have been a Deny; mostly it is only less access.
        Call::DetachRolePolicy(_) | Call::DeleteRolePolicy(_) => {
            ("took a policy off", Severity::Medium)
        }
        _ => ("added a policy to", Severity::Critical),
    };
    let policy = match &event.call {
        Call::AttachRolePolicy(call) => call.policy_arn.as_deref(),
        Call::DetachRolePolicy(call) => call.policy_arn.as_deref(),
        Call::PutRolePolicy(call) => call.policy_name.as_deref(),
        Call::DeleteRolePolicy(call) => call.policy_name.as_deref(),
        _ => None,
    };
    let policy = policy.map(|policy| format!(": {policy}")).unwrap_or_default();
    let failed = event.done_or("", "; the call failed");
    let text = format!(
        "{{actor}} {did} role {role}, the one it is a session of{{times}}{policy}{failed}."
    );
    Some(
        Match::on_target(event, text)
            .attempted_if_not(event.outcome, severity)
            .weighed(Weight::Effect),
    )
}

/// Whether the policy that is added can take away only.
fn only_denies(event: &Event) -> bool {
    if let Call::AttachRolePolicy(call) = &event.call {
        let arn = call.policy_arn.as_deref().and_then(Arn::parse);
        return arn.is_some_and(|arn| arn.is_aws_managed("AWSDenyAll"));
    }
    let document = event.identity_policy().and_then(|text| Document::parse(text).ok());
    document.is_some_and(|document| {
        document.is_complete() && document.statements.iter().all(|s| s.effect == Effect::Deny)
    })
}
