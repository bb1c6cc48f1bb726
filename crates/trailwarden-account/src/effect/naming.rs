//! Renames, and names that are used again.
//!
//! Policies name resources by ARN, and an ARN holds the name. A rename carries the identity out of
//! what names the old ARN and into what names the new one; who is made under a name of before comes
//! under what was meant for another. Principals of trust policies are kept by unique id and follow a
//! rename, but not a deletion.
//!
//! Sources: IAM User Guide, "Rename an IAM user" and "AWS JSON policy elements: Principal".

use trailwarden_policy::evaluate::Outcome;
use trailwarden_policy::pattern::resource_matches;
use trailwarden_policy::reach::{Grade, Reach, compare};
use trailwarden_policy::trust::{self, Grant, grants};

use super::entrance::grade_of;
use super::holders::{holders, may_cover, starts_alike};
use super::movement::Who;
use super::people::is_admin;
use super::words::plain;
use super::{Bearer, Effect, Exceptions, Judging, Moved, Phrases};
use crate::access::{Standing, World};
use crate::change::{Field, Subject};
use crate::fact::Why;
use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::query::name_of;
use crate::text::PolicyText;

/// What may be done to an identity that hands over what it may do, and how that is said.
const CONTROL: [(Kind, &str, &str); 15] = [
    (Kind::User, "iam:CreateAccessKey", "create access keys for"),
    (Kind::User, "iam:CreateLoginProfile", "set the first password of"),
    (Kind::User, "iam:UpdateLoginProfile", "change the password of"),
    (Kind::User, "iam:PutUserPolicy", "write inline policies of"),
    (Kind::User, "iam:AttachUserPolicy", "attach policies to"),
    (Kind::User, "iam:DeleteUserPermissionsBoundary", "remove the boundary of"),
    (Kind::User, "iam:AddUserToGroup", "add somebody to"),
    (Kind::Group, "iam:AddUserToGroup", "add members to"),
    (Kind::Group, "iam:PutGroupPolicy", "write inline policies of"),
    (Kind::Group, "iam:AttachGroupPolicy", "attach policies to"),
    (Kind::Role, "sts:AssumeRole", "assume"),
    (Kind::Role, "iam:PassRole", "pass"),
    (Kind::Role, "iam:UpdateAssumeRolePolicy", "change the trust of"),
    (Kind::Role, "iam:PutRolePolicy", "write inline policies of"),
    (Kind::Role, "iam:AttachRolePolicy", "attach policies to"),
];

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    let change = judging.change;
    let mut seen: Vec<&Id> = Vec::new();
    for touched in &change.touched {
        let Subject::Identity(_, id) = &touched.subject else { continue };
        if seen.contains(&id) {
            continue;
        }
        let (before, after) = (change.informed.identity(id), change.after.identity(id));
        match (touched.field, before, after) {
            (Field::Name | Field::Path, Some(before), Some(after)) => {
                renamed(judging, before, after, effect);
            }
            (Field::Existence, None, Some(after)) => used_again(judging, after, effect),
            _ => continue,
        }
        seen.push(id);
    }
}

/// The ARN of an identity, with the path `/` while its path is unknown.
pub(super) fn arn_of(model: &Model, identity: &Identity) -> String {
    identity.arn(model.partition(), model.account()).unwrap_or_else(|| {
        let (partition, account, kind) =
            (model.partition(), model.account(), identity.kind.as_str());
        format!("arn:{partition}:iam::{account}:{kind}/{}", identity.name)
    })
}

fn renamed(judging: &Judging<'_>, before: &Identity, after: &Identity, effect: &mut Effect) {
    let (informed, now) = (&judging.change.informed, &judging.change.after);
    let (old, new) = (arn_of(informed, before), arn_of(now, after));
    if old == new {
        return;
    }
    effect.is_renaming = true;
    let names = [&*before.name, &*after.name];
    let at = effect.moved.len();
    let covers_one = |policy: &PolicyText, owner: Option<&str>| {
        named_of_iam(policy).any(|text| tells_apart(text, &old, &new, owner))
    };
    for id in holders(now, |all| &all.name_some, covers_one) {
        if id == after.id {
            continue;
        }
        let Some(earlier) = judging.before.standing(now.account(), &id) else { continue };
        let Some(later) = judging.after.standing(now.account(), &id) else { continue };
        controls(judging, (&earlier, &old), (&later, &new), after, effect);
    }
    let has_own = effect.moved.iter().any(|moved| moved.id == after.id);
    if is_unseen(before) {
        let (label, why) = (name_of(after), Why::NeverSeen.as_str());
        effect.unknowns.insert(0, format!("what {label} may do, by whatever name: {why}"));
    }
    if effect.moved.len() == at && !has_own {
        let is_named = |policy: &PolicyText, _: Option<&str>| {
            named_of_iam(policy).any(|text| names.iter().any(|name| contains(text, name)))
        };
        let is_unnamed = holders(now, |all| &all.name_some, is_named).is_empty();
        effect.note(match (is_unnamed, is_trusted(now, [&old, &new])) {
            (true, true) => {
                "trust policies that name it follow along, and no other policy seen names either"
            }
            (true, false) => "no policy seen names either",
            (false, _) => "the policies that name either cover both alike",
        });
        if !is_listed(now) {
            effect.is_quiet_as_far_as_known = effect.unknowns.is_empty();
            effect.doubt("policies of users, groups and roles that were never seen".to_owned());
        }
    }
}

/// Whether a trust policy names somebody by one of his ARNs.
fn is_trusted(model: &Model, arns: [&str; 2]) -> bool {
    let is_it = |grant: &Grant| match &grant.who {
        trust::Who::Principal { arn, .. } => arns.contains(&arn.as_str()),
        _ => false,
    };
    let names = |role: &Identity| {
        let document = role.trust.value().and_then(|text| text.document().ok());
        document.is_some_and(|document| grants(document).iter().any(is_it))
    };
    model.of_kind(Kind::Role).any(names)
}

/// Whether nothing was seen of its permissions.
fn is_unseen(one: &Identity) -> bool {
    let is_open = !one.attached.is_complete() && !one.inline.is_complete();
    is_open && one.attached.is_empty() && one.inline.is_empty() && one.groups.is_empty()
}

fn is_listed(model: &Model) -> bool {
    let listed = model.listed();
    listed.users.is_known() && listed.groups.is_known() && listed.roles.is_known()
}

/// Who had power over the bearer of that name before has it over the new one.
fn used_again(judging: &Judging<'_>, after: &Identity, effect: &mut Effect) {
    let model = &judging.change.after;
    let subject = format!("{}/{}", after.kind.as_str(), after.name.to_ascii_lowercase());
    let is_reused = model.has_tombstone_of(&subject);
    if !is_reused {
        return;
    }
    let label = plain(&name_of(after));
    effect.note(&format!(
        "{label} had a bearer before: policies that name its ARN cover it again, trust policies do not"
    ));
}

fn named_of_iam(policy: &PolicyText) -> impl Iterator<Item = &str> {
    policy.digest().into_iter().flat_map(|digest| digest.named_of_iam())
}

/// Whether a resource of a policy may cover one ARN and not the other. `owner` is the holder's name,
/// where there is one.
fn tells_apart(text: &str, old: &str, new: &str, owner: Option<&str>) -> bool {
    if !starts_alike(text, old) && !starts_alike(text, new) {
        return false;
    }
    let text = match owner {
        Some(owner) => text.replace("${aws:username}", owner),
        None => text.to_owned(),
    };
    match text.contains("${") {
        true => may_cover(&text, old) || may_cover(&text, new),
        false => resource_matches(&text, old) != resource_matches(&text, new),
    }
}

fn contains(text: &str, part: &str) -> bool {
    !part.is_empty()
        && text
            .as_bytes()
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Compares what a principal may do to an identity under its old and its new name.
fn controls(
    judging: &Judging<'_>,
    (earlier, old): (&Standing, &str),
    (later, new): (&Standing, &str),
    target: &Identity,
    effect: &mut Effect,
) {
    let account = judging.change.after.account();
    let label = plain(&name_of(target));
    let (mut gained, mut lost, mut perhaps) = (Vec::new(), Vec::new(), false);
    for (_, action, words) in CONTROL.iter().filter(|(kind, ..)| *kind == target.kind) {
        let may = |standing: &Standing, arn: &str| {
            let decision = standing.decide(action, arn, &standing.context(), None);
            decision.map_or(Outcome::Unknown, |decision| decision.outcome)
        };
        let line = format!("{words} {label}");
        match (may(earlier, old), may(later, new)) {
            (before, Outcome::Allow) if before != Outcome::Allow => gained.push(line),
            (Outcome::Allow, after) if after != Outcome::Allow => lost.push(line),
            (Outcome::Unknown, _) | (_, Outcome::Unknown) => perhaps = true,
            _ => {}
        }
    }
    if perhaps && gained.is_empty() && lost.is_empty() {
        effect.doubt(format!("what {} may do to {label}", later.principal.label));
        return;
    }
    if gained.is_empty() && lost.is_empty() {
        return;
    }
    let moved = controlling(judging.after, later, account, target, (gained, lost));
    match effect.moved.iter_mut().find(|other| other.id == moved.id) {
        Some(other) => {
            other.gain = other.gain.max(moved.gain);
            other.gained = other.gained.and(&moved.gained);
            other.lost = other.lost.and(&moved.lost);
        }
        None => effect.moved.push(moved),
    }
}

/// Power over an identity goes as far as that identity does.
fn controlling(
    world: World<'_>,
    standing: &Standing,
    account: trailwarden_model::AccountId,
    target: &Identity,
    (gained, lost): (Vec<String>, Vec<String>),
) -> Moved {
    let own = standing.grading().grade;
    let of_target = match target.kind {
        Kind::Group => None,
        _ => grade_of(world, account, &target.id),
    };
    let power = match is_admin(standing) {
        true => Grade::Write,
        false => of_target.unwrap_or(Grade::Write).max(Grade::Write),
    };
    let principal = &standing.principal;
    let who = Who {
        account,
        id: principal.id.clone(),
        bearer: match principal.kind {
            Kind::User => Bearer::User,
            Kind::Group => Bearer::Group,
            Kind::Role => Bearer::Role,
            Kind::Root => Bearer::Root,
        },
        arn: principal.likely_arn(),
        label: principal.label.clone(),
    };
    let gain = (!gained.is_empty()).then_some(power);
    Moved::by_name(who, own, gain, (gained, lost), of_target.is_some())
}

impl Moved {
    /// One whose permissions stayed while what they cover took another name.
    fn by_name(
        who: Who,
        own: Grade,
        gain: Option<Grade>,
        (gained, lost): (Vec<String>, Vec<String>),
        is_certain: bool,
    ) -> Self {
        Self {
            account: who.account,
            id: who.id,
            bearer: who.bearer,
            arn: who.arn,
            label: who.label,
            grade_before: Some(own),
            grade_after: Some(gain.map_or(own, |gain| gain.max(own))),
            gain,
            is_conditional: false,
            width: super::Width::Wide,
            exceptions: Exceptions::default(),
            gained: Phrases::said(gained),
            lost: Phrases::said(lost),
            change: compare(&Reach::nothing(), &Reach::nothing()),
            capped: Vec::new(),
            uncapped: None,
            is_latent: false,
            is_unprovisioned: false,
            is_deleted: false,
            is_actor: false,
            through: None,
            is_certain,
        }
    }
}
