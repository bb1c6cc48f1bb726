//! How a change is told by its effect, and by which detection.
//!
//! # One harm, one finding
//! A change that moves permissions belongs to exactly one [`Class`], and each class has one detection,
//! so no two detections by effect speak of one record. Beside them:
//! - Detections that judge a policy by its text alone ([`Logic::Text`](crate::detection::Logic::Text))
//!   are silent about a record of which a detection by effect has spoken.
//! - Credentials, boundaries and trust in strangers have detections of their own, which were there
//!   before; they weigh what they say by the effect ([`Match::weighed`](crate::matches::Match::weighed)) and
//!   have no class here.
//! - What else a record shows, such as a name that resembles another, is another harm.
//!
//! # One change, one finding
//! The subject holds the event id: two changes of one group are two findings, because each moved
//! something else.

use trailwarden_account::Effect;
use trailwarden_account::effect::{Entrance, Entrant};
use trailwarden_model::Severity;
use trailwarden_policy::reach::{Reach, compare};
use trailwarden_policy::{Document, Effect as Says};
use trailwarden_record::Event;

use crate::context::Cx;
use crate::matches::Match;
use crate::written::Written;

/// What kind of change it is that moved permissions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// Whoever made it gained by it.
    Own,
    /// Nothing new is allowed, but something that held it back is gone.
    Released,
    /// A user became a member of a group.
    Joined,
    /// A managed policy has a new version.
    Version,
    /// A managed policy has another of its versions in force.
    RolledBack,
    /// Somebody may newly enter a role.
    Opened,
    /// A permission set holds more.
    PermissionSet,
    /// Somebody has a permission set, or is in a group that has.
    Assigned,
    /// Anything else that gives others more.
    Widened,
}

/// Calls that detections of their own tell, weighed by the effect.
const TOLD_ELSEWHERE: &[&str] = &[
    "BoundaryFromPermissionSet",
    "AccessKey",
    "LoginProfile",
    "ChangePassword",
    "SSHPublicKey",
    "SigningCertificate",
    "ServiceSpecificCredential",
    "MFADevice",
];

/// The finding of a class about the record, if it is of that class.
#[must_use]
pub fn told(cx: &Cx<'_>, class: Class) -> Option<Match> {
    let (event, effect) = (cx.event()?, cx.effect()?);
    let severity = severity(cx, event, effect)?;
    (class_of(event, cx, effect)? == class).then(|| sentence(event, effect, severity))
}

/// What the effect says of this class of harm.
fn severity(cx: &Cx<'_>, event: &Event, effect: &Effect) -> Option<Severity> {
    if !is_trust(event) {
        return effect.severity();
    }
    // Strangers at the door are others' business.
    let own = effect.entries.iter().filter(|entry| is_ours(cx, entry));
    let worst = own.filter_map(Entrance::severity).max()?;
    Some(if effect.is_attempt { worst.attempted() } else { worst })
}

fn class_of(event: &Event, cx: &Cx<'_>, effect: &Effect) -> Option<Class> {
    let (service, name) = (event.service(), event.name());
    Some(match (service, name) {
        ("iam", name) if name.ends_with("PermissionsBoundary") => return None,
        ("iam", name) if TOLD_ELSEWHERE.iter().any(|part| name.contains(part)) => return None,
        ("organizations", name) if name != "AttachPolicy" => return None,
        _ if is_trust(event) => Class::Opened,
        ("iam", "SetDefaultPolicyVersion") => Class::RolledBack,
        ("sso" | "identitystore" | "sso-directory", name) => match name {
            "CreateAccountAssignment" | "CreateGroupMembership" | "AddMemberToGroup" => {
                Class::Assigned
            }
            _ => Class::PermissionSet,
        },
        _ if effect.is_self_serving() => Class::Own,
        _ if is_release(event, cx) => Class::Released,
        ("iam", "AddUserToGroup") => Class::Joined,
        ("iam", "CreatePolicyVersion") => Class::Version,
        _ => Class::Widened,
    })
}

fn is_trust(event: &Event) -> bool {
    event.service() == "iam" && ["CreateRole", "UpdateAssumeRolePolicy"].contains(&event.name())
}

/// Whether it is one of our accounts' principals that may enter.
fn is_ours(cx: &Cx<'_>, entry: &Entrance) -> bool {
    match &entry.who {
        Entrant::Anyone | Entrant::Federated(_) => false,
        who => who.account().is_none_or(|account| !cx.is_foreign(account)),
    }
}

/// Whether a change that gives more allows nothing new: what is gained was held back by a Deny or a
/// condition that is gone.
fn is_release(event: &Event, cx: &Cx<'_>) -> bool {
    let name = event.name();
    let takes_off = name.starts_with("Detach") || name.starts_with("Delete");
    if takes_off || name == "RemoveUserFromGroup" {
        return true;
    }
    let Some(change) = cx.change() else { return false };
    let Some(written) = Written::of(event, Some(&change.informed)) else { return false };
    let previous = written.previous.as_ref().and_then(|text| text.document().ok());
    let (Some(previous), Ok(now)) = (previous, Document::parse(written.text)) else { return false };
    let allowed = |document: &Document| Reach::of([&without_guards(document)]);
    compare(&allowed(previous), &allowed(&now)).gained.is_empty()
}

/// What a document allows when nothing holds it back.
fn without_guards(document: &Document) -> Document {
    let mut bare = document.clone();
    bare.statements.retain(|statement| statement.effect == Says::Allow);
    bare.statements.iter_mut().for_each(|statement| statement.conditions.clear());
    bare
}

fn sentence(event: &Event, effect: &Effect, severity: Severity) -> Match {
    let text = format!("{{actor}} {}: {}.", deed(event), effect.consequence());
    let matched = Match::on_target(event, text);
    let subject = format!("{} {}", matched.subject, event.id);
    matched.subject(subject).severity(severity).confidence(effect.confidence())
}

/// What was done, in a few words.
fn deed(event: &Event) -> String {
    let request = |name: &str| event.request(name).unwrap_or("of unknown name").to_owned();
    let target = event.target_phrase();
    let policy = || request("policyArn");
    let done =
        |done: &str, tried: &str, rest: String| format!("{} {rest}", event.done_or(done, tried));
    match event.name() {
        "PutUserPolicy" | "PutGroupPolicy" | "PutRolePolicy" => {
            let rest = format!("the inline policy `{}` of {target}", request("policyName"));
            done("wrote", "tried to write", rest)
        }
        "DeleteUserPolicy" | "DeleteGroupPolicy" | "DeleteRolePolicy" => {
            let rest = format!("the inline policy `{}` of {target}", request("policyName"));
            done("deleted", "tried to delete", rest)
        }
        "AttachUserPolicy" | "AttachGroupPolicy" | "AttachRolePolicy" => {
            done("attached", "tried to attach", format!("{} to {target}", policy()))
        }
        "DetachUserPolicy" | "DetachGroupPolicy" | "DetachRolePolicy" => {
            done("detached", "tried to detach", format!("{} from {target}", policy()))
        }
        "CreatePolicy" => done("made", "tried to make", format!("the managed {target}")),
        "CreatePolicyVersion" => {
            done("wrote", "tried to write", format!("a version of the managed policy {}", policy()))
        }
        "SetDefaultPolicyVersion" => {
            let rest = format!("{} of {} in force", request("versionId"), policy());
            done("put", "tried to put", format!("version {rest}"))
        }
        "AddUserToGroup" => {
            let rest = format!("user {} to group {}", request("userName"), request("groupName"));
            done("added", "tried to add", rest)
        }
        "RemoveUserFromGroup" => {
            let rest = format!("user {} from group {}", request("userName"), request("groupName"));
            done("took", "tried to take", rest)
        }
        "UpdateUser" | "UpdateGroup" => done("renamed or moved", "tried to rename or move", target),
        "UpdateAssumeRolePolicy" => {
            done("changed", "tried to change", format!("who may assume {target}"))
        }
        "CreateAccountAssignment" => {
            let rest = format!(
                "permission set {} in account {} to {} {}",
                request("permissionSetArn"),
                request("targetId"),
                request("principalType").to_ascii_lowercase(),
                request("principalId"),
            );
            done("assigned", "tried to assign", rest)
        }
        _ => done("called", "tried to call", format!("{} on {target}", event.action())),
    }
}
