//! What was done, in a few words, where the target of a record does not say it: which of a bearer's
//! policies, which group, from which name to which.

use trailwarden_policy::{Document, Effect as Says};

use super::{Effect, Judging};
use crate::change::{Change, Field, Subject, Touched};
use crate::fact::Fact;
use crate::identity::{Id, Identity, Kind};
use crate::listing::{Listing, Presence};
use crate::managed::ManagedPolicy;
use crate::query::name_of;
use crate::text::PolicyText;

use super::words::plain;

/// What was done, and why it comes to nothing if it does.
#[derive(Default)]
struct Told {
    cause: String,
    nothing: &'static str,
}

/// The same permissions, worded anew.
const OTHER_WORDS: &str = "same permissions as before, in other words";
const NOTHING_NEW: &str = "it gives nothing new";
const NOTHING_DENIED: &str = "takes nothing away, as far as is known";
const NOTHING_TAKEN: &str = "takes nothing away: other policies give the same";

pub(super) fn tell(judging: &Judging<'_>, effect: &mut Effect) {
    let change = judging.change;
    let Some(told) = change.touched.iter().find_map(|touched| of(change, touched)) else { return };
    effect.cause = Some(told.cause);
    let came_to_nothing = effect.moved.is_empty() && effect.unknowns.is_empty();
    if came_to_nothing && !effect.is_open_ended && !told.nothing.is_empty() {
        effect.notes.insert(0, told.nothing.to_owned());
    }
}

fn of(change: &Change, touched: &Touched) -> Option<Told> {
    match &touched.subject {
        Subject::Identity(_, id) => {
            let before = change.informed.identity(id);
            of_identity(change, touched, before, change.after.identity(id)?)
        }
        Subject::Policy(id) => of_policy(change, touched, id),
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
            nothing: "without permissions",
        }),
        Field::Inline => Some(inline(before, after, item?)),
        Field::Attached => {
            let name = item?.rsplit('/').next().unwrap_or_default();
            Some(match is_there(&after.attached, item?) {
                true => Told { cause: format!("policy {name} attached"), nothing: NOTHING_NEW },
                false => Told { cause: format!("policy {name} detached"), nothing: NOTHING_TAKEN },
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
            nothing: "",
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

fn is_there<V: Clone>(
    listing: &Listing<std::sync::Arc<str>, V>,
    key: &std::sync::Arc<str>,
) -> bool {
    matches!(listing.get(key), Presence::Present(_))
}

fn inline(before: Option<&Identity>, after: &Identity, name: &std::sync::Arc<str>) -> Told {
    let text = |identity: &Identity| -> Option<PolicyText> {
        match identity.inline.get(name) {
            Presence::Present(fact) => fact.value().cloned(),
            Presence::Absent | Presence::Unknown(_) => None,
        }
    };
    let (was, is) = (before.and_then(text), text(after));
    let nothing = match (&was, &is) {
        (Some(was), Some(is)) if was == is => "the same text as before",
        (None, Some(is)) if is.document().is_ok_and(only_denies) => NOTHING_DENIED,
        (_, Some(_)) => OTHER_WORDS,
        (None, None) => "",
        (Some(_), None) => NOTHING_TAKEN,
    };
    let cause = match is_there(&after.inline, name) {
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
    let is_in = matches!(user.groups.get(&group), Presence::Present(_));
    let (verb, nothing) = match is_in {
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
    let (before, after) = (find(&change.informed), find(&change.after)?);
    let before = before?;
    let default = |policy: &ManagedPolicy| policy.default.value().cloned();
    match (touched.field, &touched.item) {
        (Field::Version, Some(version)) => {
            let has = |policy: &ManagedPolicy| is_there(&policy.versions, version);
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
    let is_same = before.document().value() == after.document().value();
    let nothing = if is_same { "the same text as before" } else { OTHER_WORDS };
    Told { cause: format!("version {version} {how}"), nothing }
}

fn number(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.parse().ok()
}
