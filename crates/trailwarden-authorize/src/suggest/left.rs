//! What no permit is proposed for, and why.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::{Outcome, Severity, Timestamp};

use super::{Options, cluster, entry};
use crate::schema;
use crate::{Asked, EffectFacts, Grade, KnownEffect};

/// Groups of calls that give or take nothing a grade could show, and are dangerous all the same.
const SENSITIVE: [&str; 4] = ["credentials", "logging", "settings", "sessions"];
/// How many changes are shown of each reason.
const SHOWN: usize = 3;

/// Why a change is not covered, the gravest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// Somebody ends with grade `privesc` or `admin`.
    Graver,
    /// It opens a way to more permissions.
    Way,
    /// Its severity is high or critical.
    Severe,
    /// The caller, or who is behind, gains.
    SelfChange,
    /// Another account gains.
    CrossesAccount,
    /// Everyone may enter.
    Public,
    /// Root made it.
    Root,
    /// It is about credentials, logs, settings of the account, or beyond IAM.
    Sensitive,
    /// A person made it, or an IAM user, whose keys anybody can have.
    Person,
    /// Nobody knows who entered the role: a permit for that would be one for everybody who can.
    Unentered,
    /// It was refused.
    Refused,
    /// What it does is not known.
    Unknown,
    /// Who made it, or on what, cannot be named exactly.
    Unnamed,
    /// The like was seen too seldom, or breaks with what all others of its kind do.
    Rare,
}

impl Why {
    /// The word of it in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Graver => "privesc_or_admin",
            Self::Way => "opens_a_way",
            Self::Severe => "severe",
            Self::SelfChange => "self_change",
            Self::CrossesAccount => "crosses_account",
            Self::Public => "public",
            Self::Root => "root",
            Self::Sensitive => "credentials_or_logging",
            Self::Person => "person",
            Self::Unentered => "entrance_unknown",
            Self::Refused => "refused",
            Self::Unknown => "effect_unknown",
            Self::Unnamed => "not_named_exactly",
            Self::Rare => "rare",
        }
    }

    /// What to say of so many changes, after their count.
    #[must_use]
    pub fn told(self, count: u64) -> String {
        let (many, rest) = match self {
            Self::Graver => ("give", "somebody grade privesc or admin"),
            Self::Way => ("open", "a way to more permissions"),
            Self::Severe => ("are", "of severity high or above"),
            Self::SelfChange => ("give", "something to whoever made the change"),
            Self::CrossesAccount => ("give", "something to another account"),
            Self::Public => ("let", "everyone in"),
            Self::Root => ("were", "made by root"),
            Self::Sensitive => {
                ("are", "about credentials, logs, settings of the account, or beyond IAM")
            }
            Self::Person => ("were", "made by people or IAM users"),
            Self::Unentered => ("do", "not show who entered the role"),
            Self::Refused => ("were", "refused"),
            Self::Unknown => ("have", "an effect that is not known"),
            Self::Unnamed => ("have", "an actor or target that cannot be named exactly"),
            Self::Rare => ("are", "rare, or unlike the others of their kind"),
        };
        let verb = match many {
            _ if count != 1 => many.to_owned(),
            "are" => "is".to_owned(),
            "were" => "was".to_owned(),
            "have" => "has".to_owned(),
            "do" => "does".to_owned(),
            other => format!("{other}s"),
        };
        let rest =
            if count == 1 { rest.replace("their kind", "its kind") } else { rest.to_owned() };
        format!("{verb} {rest}")
    }
}

/// Changes that are left for one reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Left {
    /// Why.
    pub why: Why,
    /// How many.
    pub count: u64,
    /// The gravest of them.
    pub gravest: Vec<Seen>,
}

/// A change as a sample.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// CloudTrail's `eventID`.
    pub event_id: String,
    /// When.
    pub time: Timestamp,
    /// The call.
    pub action: String,
    /// Who: the name behind it, as far as known.
    pub actor: String,
    /// The target's name, or its kind.
    pub target: String,
    /// The gravest grade after it; `None` where the effect is not known.
    pub grade: Option<Grade>,
    /// Its severity.
    pub severity: Option<Severity>,
}

impl Seen {
    /// A change, shown.
    #[must_use]
    pub fn of(asked: &Asked) -> Self {
        let effect = effect(asked);
        let target = &asked.target;
        let target = [&target.name, &target.arn, &target.id, &target.kind];
        let behind = asked.actor.behind.as_ref().and_then(|behind| {
            behind.subject.clone().or_else(|| behind.name.clone()).or_else(|| behind.arn.clone())
        });
        let own = asked.actor.name.clone().or_else(|| asked.actor.arn.clone());
        let own = own.unwrap_or_else(|| asked.actor.kind.clone());
        Self {
            event_id: asked.event_id.clone(),
            time: asked.time,
            action: asked.action.clone(),
            actor: behind.map(|behind| format!("{behind} as {own}")).unwrap_or(own),
            target: target.into_iter().flatten().next().cloned().unwrap_or_default(),
            grade: effect.map(|effect| effect.grade_after),
            severity: effect.and_then(|effect| effect.severity),
        }
    }
}

/// What is known of a change's effect.
pub(super) fn effect(asked: &Asked) -> Option<&KnownEffect> {
    match &asked.effect {
        EffectFacts::Known(effect) => Some(effect),
        EffectFacts::Unknown { .. } => None,
    }
}

/// Why no permit may be proposed for a change, whatever else was seen.
pub(super) fn hinders(asked: &Asked, options: &Options, known: &BTreeSet<String>) -> Option<Why> {
    let known_effect = effect(asked);
    if let Some(why) = known_effect.and_then(too_grave) {
        return Some(why);
    }
    if asked.actor.kind == "root" {
        return Some(Why::Root);
    }
    if is_sensitive(&asked.action) {
        return Some(Why::Sensitive);
    }
    if !options.people && is_person(asked) {
        return Some(Why::Person);
    }
    if asked.outcome == Outcome::Denied {
        return Some(Why::Refused);
    }
    if known_effect.is_none() {
        return Some(Why::Unknown);
    }
    let (Some(doer), Some(found)) = (entry::doer(asked), entry::entry(asked)) else {
        return Some(Why::Unnamed);
    };
    let is_open = options.any_entrance && !known.contains(&doer.arn);
    if found == entry::Entry::Unknown && doer.kind == "role" && !is_open {
        return Some(Why::Unentered);
    }
    cluster::Key::of(asked).is_none().then_some(Why::Unnamed)
}

fn too_grave(effect: &KnownEffect) -> Option<Why> {
    let reasons = [
        (effect.moved && effect.grade_after > Grade::Write, Why::Graver),
        (!effect.paths_opened.is_empty(), Why::Way),
        (effect.severity > Some(Severity::Medium), Why::Severe),
        (effect.self_change, Why::SelfChange),
        (effect.crosses_account, Why::CrossesAccount),
        (effect.public, Why::Public),
    ];
    reasons.into_iter().find_map(|(is_so, why)| is_so.then_some(why))
}

/// Whether a call is about credentials, logs, the account's settings or the organization.
fn is_sensitive(action: &str) -> bool {
    let groups = schema::groups_of(action);
    !action.starts_with("iam:") || groups.iter().any(|group| SENSITIVE.contains(group))
}

/// Whether a person made a change, or may well have.
pub(super) fn is_person(asked: &Asked) -> bool {
    let actor = &asked.actor;
    let is_human = |kind: &str| matches!(kind, "user" | "identity_center_user" | "root");
    // SAML is for people, and so are the providers that AWS knows without one of the account's own.
    let of_people = |provider: &String| !provider.contains(":oidc-provider/");
    let is_sso = |name: &String| name.starts_with("AWSReservedSSO_");
    asked.from_console
        || is_human(&actor.kind)
        || actor.name.as_ref().is_some_and(is_sso)
        || actor.mfa == Some(true)
        || match &actor.behind {
            Some(behind) => {
                is_human(&behind.kind)
                    || behind.provider.as_ref().is_some_and(of_people)
                    || behind.name.as_ref().is_some_and(is_sso)
            }
            // Who sets a source identity vouches for somebody; for whom, is not known here.
            None => actor.source_identity.is_some(),
        }
}

/// Counts of changes that are covered and left.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) total: u64,
    pub(super) covered: u64,
    pub(super) span: Option<(Timestamp, Timestamp)>,
    left: BTreeMap<Why, (u64, Vec<Seen>)>,
}

impl Tally {
    /// Counts a change, and keeps it if it is among the gravest.
    pub(super) fn add(&mut self, asked: &Asked, why: Option<Why>) {
        self.total += 1;
        let (first, last) = self.span.get_or_insert((asked.time, asked.time));
        (*first, *last) = ((*first).min(asked.time), (*last).max(asked.time));
        let Some(why) = why else {
            self.covered += 1;
            return;
        };
        let (count, gravest) = self.left.entry(why).or_default();
        *count += 1;
        let seen = Seen::of(asked);
        let weight = |seen: &Seen| {
            let gravity = std::cmp::Reverse((seen.severity, seen.grade));
            (gravity, seen.time, seen.event_id.clone())
        };
        let at = gravest.partition_point(|one| weight(one) <= weight(&seen));
        if at < SHOWN {
            gravest.insert(at, seen);
            gravest.truncate(SHOWN);
        }
    }

    /// What is left, the gravest reason first.
    pub(super) fn left(self) -> Vec<Left> {
        let left = self.left.into_iter();
        left.map(|(why, (count, gravest))| Left { why, count, gravest }).collect()
    }
}
