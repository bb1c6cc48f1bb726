//! When keys, passwords, users and roles were last used, as AWS says of itself; users and roles by the logs, too.
//!
//! Sources: IAM API Reference, `GetAccessKeyLastUsed` ("N/A": never used since AWS tracks it), `RoleLastUsed`
//! (the last 400 days); IAM User Guide, "Generate credential reports for your AWS account".

use serde_json::Value;
use trailwarden_account::report::LastUse;
use trailwarden_account::{Identity, Kind, Snapshot};
use trailwarden_model::Timestamp;
use trailwarden_remedy::plan::foreseen::LastUsed;

use crate::remedies::Known;
use crate::usage::Usage;

/// When a user or role was last used by anybody: what AWS tells comes hours late, and the logs may know more.
pub(crate) fn last_used(known: Known<'_>, identity: &Identity) -> LastUsed {
    let by_aws = match identity.kind {
        Kind::Role => role_last_used(known.snapshot, identity),
        Kind::User | Kind::Root => {
            known.credentials(&identity.name).map_or(LastUsed::Unknown, |row| {
                let keys = row.keys.iter().map(|key| told(key.used));
                keys.fold(told(row.password_used), later)
            })
        }
        Kind::Group => LastUsed::Unknown,
    };
    later(by_aws, by_logs(known, identity))
}

/// Never where no logs show it, which tells nothing against what AWS says.
fn by_logs(known: Known<'_>, identity: &Identity) -> LastUsed {
    let Some(model) = known.models.get(known.snapshot.account) else { return LastUsed::Never };
    // Whoever is seen by name only has no calls of his own.
    if identity.id.is_provisional() || identity.kind == Kind::Group {
        return LastUsed::Never;
    }
    let arn = identity.arn(model.partition(), model.account());
    let of = |usage: &Usage| usage.of(model.account(), identity.id.as_str(), arn.as_deref());
    let calls = known.usage.map(of).unwrap_or_default();
    let last = calls.iter().filter_map(|call| call.count.last).max();
    last.map_or(LastUsed::Never, |time| LastUsed::At { time, service: None })
}

/// The later of two; what is not known may be later than any, unless something was used at all.
fn later(one: LastUsed, other: LastUsed) -> LastUsed {
    match (&one, &other) {
        (LastUsed::At { time: a, .. }, LastUsed::At { time: b, .. }) => {
            if a >= b {
                one
            } else {
                other
            }
        }
        (LastUsed::At { .. }, _) | (LastUsed::Unknown, LastUsed::Never) => one,
        (_, LastUsed::At { .. } | LastUsed::Unknown) | (LastUsed::Never, LastUsed::Never) => other,
    }
}

/// When a key was last used: as IAM says of it, else as the report says of the only key that was made when
/// it was.
pub(crate) fn key_last_used(known: Known<'_>, user: &str, key: &str) -> LastUsed {
    let answer = known.snapshot.about("iam:GetAccessKeyLastUsed", "AccessKeyId", key);
    if let Some(answer) = answer.and_then(|answer| answer.body()?.get("AccessKeyLastUsed")) {
        let text = |name: &str| answer.get(name).and_then(Value::as_str);
        let used = text("LastUsedDate").map_or(LastUse::Never, LastUse::of);
        let service = text("ServiceName").filter(|name| *name != "N/A").map(str::to_owned);
        return match told(used) {
            LastUsed::At { time, .. } => LastUsed::At { time, service },
            other => other,
        };
    }
    let slot =
        made(known.snapshot, user, key).and_then(|made| known.credentials(user)?.key_rotated(made));
    slot.map_or(LastUsed::Unknown, |slot| told(slot.used))
}

/// When IAM's list of a user's keys says that one was made: the report names none.
fn made(snapshot: &Snapshot, user: &str, key: &str) -> Option<Timestamp> {
    let answer = snapshot.about("iam:ListAccessKeys", "UserName", user)?;
    let keys = answer.body()?.get("AccessKeyMetadata")?.as_array()?;
    let text = |one: &Value, name: &str| one.get(name)?.as_str().map(str::to_owned);
    let it = keys.iter().find(|one| text(one, "AccessKeyId").as_deref() == Some(key))?;
    text(it, "CreateDate").as_deref().and_then(Timestamp::parse)
}

/// When a user last signed in with a password.
pub(super) fn password_last_used(known: Known<'_>, user: &Identity) -> LastUsed {
    known.credentials(&user.name).map_or(LastUsed::Unknown, |row| told(row.password_used))
}

fn told(used: LastUse) -> LastUsed {
    match used {
        LastUse::At(time) => LastUsed::At { time, service: None },
        LastUse::Never => LastUsed::Never,
        LastUse::Unknown => LastUsed::Unknown,
    }
}

fn role_last_used(snapshot: &Snapshot, role: &Identity) -> LastUsed {
    let Some(used) = detail_of(snapshot, role).and_then(|one| one.get("RoleLastUsed")) else {
        return LastUsed::Unknown;
    };
    match used.get("LastUsedDate").and_then(Value::as_str).map(Timestamp::parse) {
        Some(Some(time)) => LastUsed::At { time, service: None },
        Some(None) => LastUsed::Unknown,
        None => LastUsed::Never,
    }
}

/// The names of the instance profiles that hold a role.
pub(super) fn profiles_of(snapshot: &Snapshot, role: &Identity) -> Vec<String> {
    let list = detail_of(snapshot, role).and_then(|one| one.get("InstanceProfileList")?.as_array());
    let names =
        list.into_iter().flatten().filter_map(|one| one.get("InstanceProfileName")?.as_str());
    names.map(str::to_owned).collect()
}

/// What the authorization details say of a role.
fn detail_of<'a>(snapshot: &'a Snapshot, role: &Identity) -> Option<&'a Value> {
    let body = snapshot.answer("iam:GetAccountAuthorizationDetails")?.body_so_far()?;
    let is_it = |one: &&Value| one.get("RoleId").and_then(Value::as_str) == Some(role.id.as_str());
    body.get("RoleDetailList")?.as_array()?.iter().find(is_it)
}
