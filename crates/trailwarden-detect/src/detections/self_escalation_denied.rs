//! A principal was refused a change to its own permissions.
//!
//! IAM leaves the parameters out of a refusal, so the target is read from the message. Where the
//! message names only a group or a policy, it cannot say whether the caller would have gained by it.
//! Who is a member of a group the model may know; what it does not know is reported as such.

use trailwarden_account::identity::Kind;
use trailwarden_account::{Actor, World};
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
        "admin iam:CreateGroup group/devs
         admin iam:CreateUser user/bob
         admin iam:AddUserToGroup user/bob group/devs
         bob iam:PutGroupPolicy group/devs denied",
    ],
    quiet_on: &[
        "mallory iam:PutUserPolicy user/alice denied",
        "role/app iam:AttachRolePolicy role/web denied",
        "role/app iam:AddUserToGroup group/admins denied",
        "mallory iam:PutUserPolicy user/mallory",
        "admin iam:CreateGroup group/devs
         admin iam:CreateUser user/bob
         bob iam:PutGroupPolicy group/devs denied",
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
    let member = match target.kind {
        TargetKind::Group if event.caller.kind != CallerKind::User => return None,
        // The refusal does not say who was to join.
        TargetKind::Group if event.name() == "AddUserToGroup" => None,
        TargetKind::Group => membership(cx, &name),
        TargetKind::Policy => None,
        _ => return None,
    };
    let text = format!("{{actor}} was denied {action} on {kind} {name}{{times}}{why}");
    Some(match member {
        Some(false) => return None,
        Some(true) => Match::on_target(event, format!("{text}; it is a member of it."))
            .severity(Severity::Medium),
        None => {
            let text =
                format!("{text}; whether it would have gained by the change is not in the record.");
            Match::on_target(event, text).severity(Severity::Low).confidence(Confidence::Low)
        }
    })
}

/// Whether the caller is a member of a group, if the model knows.
fn membership(cx: &Cx<'_>, group: &str) -> Option<bool> {
    let model = cx.models().get(cx.row().account_id()?)?;
    let caller = Actor::of(cx.event()?)?;
    let user = caller.identity(World::of(cx.models()))?;
    let group = model.find(Kind::Group, group)?;
    let groups = model.groups_of(&user.id);
    match groups.ids.contains(&group.id) {
        true => Some(true),
        false => groups.unknowns.is_empty().then_some(false),
    }
}
