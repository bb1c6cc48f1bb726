//! How a change is told by its effect, and by which detection.
//!
//! # One harm, one finding
//! A change that moves permissions belongs to exactly one [`Class`], and each class has one detection,
//! so no two detections by effect speak of one record. Beside them:
//! - Detections that judge a policy by its text alone ([`Logic::Text`](crate::detection::Logic::Text))
//!   are silent about a record of which a detection by effect has spoken.
//! - Credentials, boundaries and trust in strangers have detections of their own, which were there
//!   before; they weigh what they say by the effect ([`Match::weighed`](crate::matches::Match::weighed)) and
//!   have no class here. What they leave out of a trust policy, [`Class::Opened`] tells.
//! - What else a record shows, such as a name that resembles another, is another harm.
//!
//! # One change, one finding
//! The subject holds the event id: two changes of one group are two findings, because each moved
//! something else.

mod deed;

use trailwarden_account::effect::{Entrance, Entrant, PathOpened, Verdict};
use trailwarden_account::{Actor, Effect, World};
use trailwarden_model::{Arn, Confidence, Outcome, Severity};
use trailwarden_policy::reach::{Grade, Reach, compare};
use trailwarden_policy::{Document, Effect as Says};
use trailwarden_record::Event;
use trailwarden_record::row::Flags;

use crate::context::Cx;
use crate::detection::{Reads, Select};
use crate::matches::Match;
use crate::written::Written;
use deed::deed;

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

/// The calls that may be of several classes; which one, what they do decides.
const CHANGES: &[&str] = &[
    "iam:Put*Policy",
    "iam:Attach*Policy",
    "iam:Detach*Policy",
    "iam:Delete*Policy",
    "iam:AddUserToGroup",
    "iam:RemoveUserFromGroup",
    "iam:CreatePolicyVersion",
    "iam:UpdateUser",
    "iam:UpdateGroup",
    "iam:Tag*",
    "iam:Untag*",
    "iam:CreatePolicy",
    "iam:AddRoleToInstanceProfile",
    "iam:CreateUser",
    "iam:UpdateRole",
    "organizations:AttachPolicy",
];

impl Class {
    /// What the detection of this class sees: each of these calls whole, unless it was refused, for
    /// then the record does not say what it was about.
    #[must_use]
    pub const fn select(self) -> Select {
        Select {
            events: self.events(),
            outcomes: &[Outcome::Succeeded, Outcome::Failed],
            flags: Flags(0),
            reads: Reads::Record,
        }
    }

    const fn events(self) -> &'static [&'static str] {
        match self {
            Self::Own | Self::Released | Self::Widened => CHANGES,
            Self::Joined => &["iam:AddUserToGroup"],
            Self::Version => &["iam:CreatePolicyVersion"],
            Self::RolledBack => &["iam:SetDefaultPolicyVersion"],
            Self::Opened => &["iam:CreateRole", "iam:UpdateAssumeRolePolicy"],
            Self::PermissionSet => &["sso:<writes>"],
            Self::Assigned => &[
                "sso:CreateAccountAssignment",
                "identitystore:CreateGroupMembership",
                "sso-directory:AddMemberToGroup",
            ],
        }
    }
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
    let severity = severity(cx, event, effect);
    // Most changes harm nobody, and telling the class of one takes reading its documents.
    if severity.is_none() && !is_unclear(effect) {
        return None;
    }
    if (*cx.class.get_or_init(|| class_of(event, cx, effect)))? != class {
        return None;
    }
    match severity {
        Some(severity) => Some(sentence(event, effect, severity, effect.confidence())),
        None if is_in_the_dark(cx, class, event, effect) => {
            Some(sentence(event, effect, Severity::Medium, Confidence::Low))
        }
        None => {
            let unseen = unseen(cx, class, event, effect)?;
            let told = sentence(event, effect, Severity::Low, Confidence::Low);
            // However many get it, it is one thing of which nobody knows what it gives.
            Some(told.subject(format!("{unseen} unknown")))
        }
    }
}

/// The group or permission set that somebody got, where nobody knows what it gives.
fn unseen<'e>(cx: &Cx<'_>, class: Class, event: &'e Event, effect: &Effect) -> Option<&'e str> {
    if effect.verdict() != Verdict::Unknown || effect.is_attempt {
        return None;
    }
    let is_for_oneself =
        || event.request("userName").is_some_and(|user| event.caller.is_user(user));
    match (class, event.name()) {
        (Class::Joined, "AddUserToGroup") if is_for_oneself() && may_do_all(cx, event) => None,
        (Class::Joined, "AddUserToGroup") => event.request("groupName"),
        (Class::Assigned, "CreateAccountAssignment") => event.request("permissionSetArn"),
        _ => None,
    }
}

/// What the effect says of this class of harm.
fn severity(cx: &Cx<'_>, event: &Event, effect: &Effect) -> Option<Severity> {
    if !is_trust(event) || !cx.is_told() {
        return effect.severity();
    }
    // Strangers at the door have detections of their own, which have told them.
    let entries = effect.entries.iter().filter(|entry| is_ours(cx, entry));
    let ways = effect.ways().filter(|way| is_from_ours(cx, way));
    let worst = entries.filter_map(Entrance::severity).chain(ways.filter_map(PathOpened::severity));
    let worst = worst.max()?;
    Some(if effect.is_attempt { worst.attempted() } else { worst })
}

/// Whether nobody knows what a call did that took place.
fn is_unclear(effect: &Effect) -> bool {
    effect.verdict() == Verdict::Unknown && !effect.is_attempt
}

/// Whether nobody knows what a change gives of which it would be odd if it gave nothing: a version that
/// comes back, or a policy or group for whoever made the change.
fn is_in_the_dark(cx: &Cx<'_>, class: Class, event: &Event, effect: &Effect) -> bool {
    if !is_unclear(effect) {
        return false;
    }
    let user = event.request("userName");
    let is_for_oneself = ["AttachUserPolicy", "PutUserPolicy", "AddUserToGroup"]
        .contains(&event.name())
        && user.is_some_and(|user| event.caller.is_user(user));
    class == Class::RolledBack || is_for_oneself && !may_do_all(cx, event)
}

/// Whether the caller has nothing more to gain.
fn may_do_all(cx: &Cx<'_>, event: &Event) -> bool {
    let standing = Actor::of(event).and_then(|actor| actor.standing(World::of(cx.models())));
    standing.is_some_and(|standing| standing.grading().unconditional >= Grade::Admin)
}

fn class_of(event: &Event, cx: &Cx<'_>, effect: &Effect) -> Option<Class> {
    let (service, name) = (event.service(), event.name());
    Some(match (service, name) {
        ("iam", name) if name.ends_with("PermissionsBoundary") => return None,
        ("iam", name) if TOLD_ELSEWHERE.iter().any(|part| name.contains(part)) => return None,
        ("iam", _) if quarantine(event).is_some() => return None,
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
        _ if is_in_the_dark(cx, Class::Own, event, effect) => Class::Own,
        _ if is_release(event, cx) => Class::Released,
        ("iam", "AddUserToGroup") => Class::Joined,
        ("iam", "CreatePolicyVersion") => Class::Version,
        _ => Class::Widened,
    })
}

/// How grave it is that a call takes off a policy that holds a compromised principal, by the policy's
/// name; none when it takes off another.
#[must_use]
pub fn quarantine(event: &Event) -> Option<Severity> {
    if !["Detach", "Delete"].iter().any(|verb| event.name().starts_with(verb)) {
        return None;
    }
    let policy = event.request("policyArn").or_else(|| event.request("policyName"))?;
    let arn = Arn::parse(policy);
    let name = arn.map_or(policy, |arn| arn.name());
    let by_aws = name.starts_with("AWSCompromisedKeyQuarantine")
        && arn.is_some_and(|arn| arn.is_aws_managed(name));
    let is_grave = by_aws || name.starts_with("trailwarden-quarantine");
    let is_it = || {
        arn.is_some_and(|arn| arn.is_aws_managed("AWSDenyAll"))
            || name == "AWSRevokeOlderSessions"
            || name.to_ascii_lowercase().contains("quarantine")
    };
    match is_grave {
        true => Some(Severity::Critical),
        false => is_it().then_some(Severity::High),
    }
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

/// Whether a way begins at one of our accounts' principals.
fn is_from_ours(cx: &Cx<'_>, way: &PathOpened) -> bool {
    let arn = way.from_arn.as_deref().and_then(Arn::parse);
    arn.and_then(|arn| arn.account_id()).is_some_and(|account| !cx.is_foreign(account))
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
    let change = compare(&allowed(previous), &allowed(&now));
    change.gained.is_empty() && !change.is_too_complex
}

/// What a document allows when nothing holds it back.
fn without_guards(document: &Document) -> Document {
    let mut bare = document.clone();
    bare.statements.retain(|statement| statement.effect == Says::Allow);
    bare.statements.iter_mut().for_each(|statement| statement.conditions.clear());
    bare
}

fn sentence(event: &Event, effect: &Effect, severity: Severity, confidence: Confidence) -> Match {
    let text = format!("{{actor}} {}: {}.", deed(event), effect.consequence());
    let matched = Match::on_target(event, text);
    let subject = format!("{} {}", matched.subject, event.id);
    matched.subject(subject).severity(severity).confidence(confidence)
}
