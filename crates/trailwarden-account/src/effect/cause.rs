//! What was done, in a few words, where the target of a record does not say it: which of a bearer's
//! policies, which group, from which name to which.

mod organization;

use trailwarden_policy::{Document, Effect as Says};

use super::{Effect, Judging};
use crate::change::{Change, Field, Subject, Touched};
use crate::fact::{Fact, Why};
use crate::identity::{Id, Identity, Kind};
use crate::listing::{Listing, Presence};
use crate::managed::ManagedPolicy;
use crate::query::name_of;
use crate::text::PolicyText;

use super::provider;
use super::words::plain;

/// What was done, and why it comes to nothing if it does.
#[derive(Default)]
struct Told {
    cause: String,
    nothing: &'static str,
}

/// Why a document that counts now, or counts no more, comes to nothing.
fn idle(was: Option<&PolicyText>, is: Option<&PolicyText>) -> &'static str {
    let denies = |text: &PolicyText| text.document().is_ok_and(only_denies);
    match (was, is) {
        (Some(was), Some(is)) if was == is => "the same text as before",
        (Some(_), Some(_)) => "same permissions as before, in other words",
        (None, Some(is)) if denies(is) => "it takes nothing away",
        (None, Some(_)) => NOTHING_NEW,
        (Some(was), None) if denies(was) => "it held nothing back",
        (Some(_), None) => "nothing is lost by it",
        (None, None) => "",
    }
}

/// What a new user or role is.
pub(super) const WITHOUT: &str = "without permissions";

const NOTHING_NEW: &str = "it gives nothing new";

/// Says what was done. That it comes to nothing is said only when nothing is in doubt.
pub(super) fn tell(judging: &Judging<'_>, effect: &mut Effect) {
    let change = judging.change;
    let Some(told) = change.touched.iter().find_map(|touched| of(change, touched)) else { return };
    effect.cause = Some(told.cause);
    if effect.is_nothing() && effect.unknowns.is_empty() && !told.nothing.is_empty() {
        effect.notes.insert(0, told.nothing.to_owned());
    }
}

fn of(change: &Change, touched: &Touched) -> Option<Told> {
    match &touched.subject {
        Subject::Identity(_, id) => match change.after.identity(id) {
            Some(after) => of_identity(change, touched, change.informed.identity(id), after),
            None if change.informed.identity(id).is_none() => {
                let label = id.provisional_label().filter(|_| touched.field == Field::Existence)?;
                Some(Told { cause: format!("{} is gone", plain(label)), nothing: "" })
            }
            None => None,
        },
        Subject::Provider(arn) => of_provider(touched, arn),
        Subject::Policy(id) => of_policy(change, touched, id),
        Subject::OrganizationPolicy(_) | Subject::Organization => organization::of(change, touched),
        _ => None,
    }
}

fn of_identity(
    change: &Change,
    touched: &Touched,
    before: Option<&Identity>,
    after: &Identity,
) -> Option<Told> {
    let item = touched.item.as_ref();
    match touched.field {
        Field::Existence if before.is_none() => Some(Told {
            cause: format!("{} exists now", plain_of(after)),
            nothing: match after.is_service_linked() {
                true => "its service alone can use it, with permissions that AWS gives it",
                false => WITHOUT,
            },
        }),
        Field::Existence if after.leaving.is_some() => Some(Told {
            cause: format!("{} is to be deleted", plain_of(after)),
            nothing: "AWS does it later, unless something still uses it",
        }),
        Field::Inline => Some(inline(before, after, item?)),
        Field::Attached => {
            let name = item?.rsplit('/').next().unwrap_or_default();
            let text = change.after.document_of(item?);
            Some(match is_put(&after.attached, item?) {
                true => Told {
                    cause: format!("policy {name} attached"),
                    nothing: idle(None, text.value()),
                },
                false => Told {
                    cause: format!("policy {name} detached"),
                    nothing: idle(text.value(), None),
                },
            })
        }
        Field::Boundary => Some(boundary(before, after)),
        Field::Groups => membership(change, after, item?),
        Field::Name | Field::Path => renamed(before?, after),
        Field::Tags => Some(Told {
            cause: match after.tags.get(item?) {
                Presence::Present(Fact::Known { value, .. }) => {
                    format!("tag {} set to {value}", item?)
                }
                Presence::Present(_) => format!("tag {} set", item?),
                Presence::Absent | Presence::Unknown(_) => format!("tag {} removed", item?),
            },
            nothing: match super::tagging::is_read(&change.after, item?) {
                true => "the policies that read it allow the same",
                false => "no policy that was seen reads it",
            },
        }),
        _ => None,
    }
}

fn plain_of(identity: &Identity) -> String {
    match identity.kind {
        Kind::User => format!("user {}", identity.name),
        _ => plain(&name_of(identity)),
    }
}

/// Whether a thing is there by the call; else the call took it off, and if another of the same second
/// put it there, nobody knows which came last.
fn is_put<K: Ord + Clone, V: Clone>(listing: &Listing<K, V>, key: &K) -> bool {
    match listing.get(key) {
        Presence::Present(fact) => !matches!(fact.why(), Some(Why::Unordered(_))),
        Presence::Absent | Presence::Unknown(_) => false,
    }
}

fn inline(before: Option<&Identity>, after: &Identity, name: &std::sync::Arc<str>) -> Told {
    let text = |identity: &Identity| -> Option<PolicyText> {
        match identity.inline.get(name) {
            Presence::Present(fact) => fact.value().cloned(),
            Presence::Absent | Presence::Unknown(_) => None,
        }
    };
    let nothing = idle(before.and_then(text).as_ref(), text(after).as_ref());
    let cause = match is_put(&after.inline, name) {
        true => format!("inline policy {name}"),
        false => format!("inline policy {name} deleted"),
    };
    Told { cause, nothing }
}

fn only_denies(document: &Document) -> bool {
    document.statements.iter().all(|statement| statement.effect == Says::Deny)
}

fn boundary(before: Option<&Identity>, after: &Identity) -> Told {
    let name = |identity: &Identity| -> Option<String> {
        let arn = identity.boundary.value()?.as_ref()?;
        arn.rsplit('/').next().map(str::to_owned)
    };
    match (before.and_then(name), name(after)) {
        (_, Some(now)) => {
            Told { cause: format!("boundary {now} set"), nothing: "it cuts nothing off" }
        }
        (Some(was), None) => {
            Told { cause: format!("boundary {was} removed"), nothing: "it cut nothing off" }
        }
        (None, None) => Told { cause: "boundary removed".to_owned(), nothing: "" },
    }
}

fn membership(change: &Change, user: &Identity, group: &str) -> Option<Told> {
    let group = Id::unique(group);
    let named = change.after.identity(&group).or_else(|| change.informed.identity(&group))?;
    let (verb, nothing) = match is_put(&user.groups, &group) {
        true => ("joined", NOTHING_NEW),
        false => ("left", "it took nothing away"),
    };
    Some(Told { cause: format!("{} {verb} {}", user.name, plain(&name_of(named))), nothing })
}

fn renamed(before: &Identity, after: &Identity) -> Option<Told> {
    let path = |identity: &Identity| identity.path.value().cloned();
    let mut parts = Vec::new();
    if before.name != after.name {
        parts.push(format!("renamed from {} to {}", before.name, after.name));
    }
    if let (was, Some(now)) = (path(before), path(after))
        && was.as_ref() != Some(&now)
        && (was.is_some() || parts.is_empty())
    {
        parts.push(format!("moved to path {now}"));
    }
    (!parts.is_empty()).then(|| Told { cause: parts.join(" and "), nothing: "" })
}

fn of_policy(change: &Change, touched: &Touched, id: &Id) -> Option<Told> {
    let find = |model: &'_ crate::model::Model| model.policies.get(id).cloned();
    let after = find(&change.after)?;
    let before = match find(&change.informed) {
        Some(before) => before,
        None if touched.field == Field::Existence => return None,
        None => ManagedPolicy::seen(id.clone(), &after.arn).into(),
    };
    let default = |policy: &ManagedPolicy| policy.default.value().cloned();
    match (touched.field, &touched.item) {
        (Field::Version, Some(version)) => {
            let has = |policy: &ManagedPolicy| {
                matches!(policy.versions.get(version), Presence::Present(_))
            };
            let is_default = default(&after).as_ref() == Some(version);
            Some(match (has(&after), is_default) {
                (true, true) => in_force(&before, &after, version, "is in force"),
                (true, false) => {
                    Told { cause: format!("version {version}"), nothing: "it is not in force" }
                }
                (false, _) => Told {
                    cause: format!("version {version} deleted"),
                    nothing: "it was not in force",
                },
            })
        }
        (Field::Default, None) => {
            let version = default(&after)?;
            let is_back = default(&before).is_some_and(|was| number(&was) > number(&version));
            let how = if is_back { "is in force again" } else { "is in force" };
            Some(in_force(&before, &after, &version, how))
        }
        _ => None,
    }
}

fn in_force(before: &ManagedPolicy, after: &ManagedPolicy, version: &str, how: &str) -> Told {
    let (was, is) = (before.document(), after.document());
    Told { cause: format!("version {version} {how}"), nothing: idle(was.value(), is.value()) }
}

/// That one was made or deleted, its record says.
fn of_provider(touched: &Touched, arn: &str) -> Option<Told> {
    let name = provider::name(arn);
    let cause = format!("what proves sign-ins of provider {name} was replaced");
    (touched.field == Field::Certificates).then_some(Told { cause, nothing: "" })
}

fn number(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.parse().ok()
}
