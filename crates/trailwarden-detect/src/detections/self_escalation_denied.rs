//! A principal was refused a change to its own permissions.
//!
//! IAM leaves the parameters out of a refusal, so the target is read from the message. Where the
//! message names only a group or a policy, it cannot say whether the caller would have gained by it;
//! that is reported as such.

use trailwarden_record::call::TargetKind;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "self-escalation-denied",
    title: "Attempt at self-escalation was denied",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-SE-09"],
    select: Select {
        events: &[
            "iam:PutUserPolicy",
            "iam:AttachUserPolicy",
            "iam:DetachUserPolicy",
            "iam:DeleteUserPolicy",
            "iam:PutRolePolicy",
            "iam:AttachRolePolicy",
            "iam:DetachRolePolicy",
            "iam:DeleteRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:AddUserToGroup",
            "iam:PutGroupPolicy",
            "iam:AttachGroupPolicy",
            "iam:CreatePolicyVersion",
            "iam:SetDefaultPolicyVersion",
            "iam:PutUserPermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
            "iam:DeleteUserPermissionsBoundary",
            "iam:DeleteRolePermissionsBoundary",
        ],
        outcomes: &[Outcome::Denied],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098"],
    risk: "Somebody with these credentials tests whether they can be made to do more; the next attempt may be one that works.",
    false_positives: &[
        "A person who tries a command before asking for access: ask. Provisioning code that runs under too small a role.",
    ],
    remedies: &["deactivate-access-key", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:PutUserPolicy user/mallory denied",
        "role/app/i-0123456789abcdef0 iam:AttachRolePolicy role/app denied",
        "mallory iam:DeleteUserPermissionsBoundary user/mallory denied",
        "mallory iam:AddUserToGroup group/admins denied",
        "mallory iam:CreatePolicyVersion policy/team denied",
    ],
    quiet_on: &[
        "mallory iam:PutUserPolicy user/alice denied",
        "role/app iam:AttachRolePolicy role/web denied",
        "role/app iam:AddUserToGroup group/admins denied",
        "mallory iam:PutUserPolicy user/mallory",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let target = event.target()?;
    let (kind, name) = (target.kind.as_str(), target.name.clone()?);
    let why = event.denial.as_ref().map(|denial| denial.reason.as_str());
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    let action = event.action();
    if event.is_on_caller() {
        let text =
            format!("{{actor}} was denied {action} on itself ({kind} {name}){{times}}{why}.");
        return Some(Match::on_target(event, text).severity(Severity::Medium));
    }
    // A session is no member of a group.
    let could_gain = match target.kind {
        TargetKind::Group => event.caller.kind == CallerKind::User,
        TargetKind::Policy => true,
        _ => false,
    };
    let text = format!(
        "{{actor}} was denied {action} on {kind} {name}{{times}}{why}; whether it would have gained \
         by the change is not in the record."
    );
    could_gain
        .then(|| Match::on_target(event, text).severity(Severity::Low).confidence(Confidence::Low))
}
