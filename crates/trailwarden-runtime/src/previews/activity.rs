//! When keys, passwords, users and roles were last used, as AWS says of itself.
//!
//! Sources: IAM API Reference, `GetAccessKeyLastUsed` ("N/A": never used since AWS tracks it), `RoleLastUsed`
//! (the last 400 days); IAM User Guide, "Generate credential reports for your AWS account".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use trailwarden_account::{Identity, Kind, Snapshot};
use trailwarden_model::Timestamp;
use trailwarden_remedy::plan::foreseen::LastUsed;

/// What the credential report writes where nothing was used; that nobody tells is another thing.
const NOT_USED: &[&str] = &["N/A", "no_information"];

/// When a user or role was last used by anybody.
pub(super) fn last_used(snapshot: &Snapshot, identity: &Identity) -> LastUsed {
    match identity.kind {
        Kind::Role => role_last_used(snapshot, identity),
        Kind::User | Kind::Root => {
            let ways = ["password_last_used", KEY_ONE, KEY_TWO];
            let all = ways.iter().map(|column| reported(snapshot, &identity.name, column));
            all.fold(LastUsed::Never, later)
        }
        Kind::Group => LastUsed::Unknown,
    }
}

const KEY_ONE: &str = "access_key_1_last_used_date";
const KEY_TWO: &str = "access_key_2_last_used_date";

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

/// When a key was last used: as IAM says of it, else as the report says of a user's only key.
pub(super) fn key_last_used(snapshot: &Snapshot, user: &Identity, key: &str) -> LastUsed {
    let answer = snapshot.about("iam:GetAccessKeyLastUsed", "AccessKeyId", key);
    let told = answer.and_then(|answer| answer.body()?.get("AccessKeyLastUsed"));
    if let Some(told) = told {
        let text = |name: &str| told.get(name).and_then(Value::as_str);
        return match text("LastUsedDate").map(Timestamp::parse) {
            Some(Some(time)) => {
                let service = text("ServiceName").filter(|name| *name != "N/A");
                LastUsed::At { time, service: service.map(str::to_owned) }
            }
            Some(None) if text("LastUsedDate") != Some("N/A") => LastUsed::Unknown,
            _ => LastUsed::Never,
        };
    }
    match slot_of(snapshot, user, key) {
        Some(column) => reported(snapshot, &user.name, column),
        None => LastUsed::Unknown,
    }
}

/// Where the report tells of a key: it names none, so the dates at which they were made must, and only
/// where they differ.
fn slot_of(snapshot: &Snapshot, user: &Identity, key: &str) -> Option<&'static str> {
    let slots = [("access_key_1_last_rotated", KEY_ONE), ("access_key_2_last_rotated", KEY_TWO)];
    let answer = snapshot.about("iam:ListAccessKeys", "UserName", &user.name)?;
    let keys = answer.body()?.get("AccessKeyMetadata")?.as_array()?;
    let text = |key: &Value, name: &str| key.get(name)?.as_str().map(str::to_owned);
    let is_it = |one: &&Value| text(one, "AccessKeyId").as_deref() == Some(key);
    let made =
        text(keys.iter().find(is_it)?, "CreateDate").as_deref().and_then(Timestamp::parse)?;
    let made_then = |column: &str| {
        let told = reported_text(snapshot, &user.name, column);
        told.as_deref().and_then(Timestamp::parse) == Some(made)
    };
    let mut fits = slots.into_iter().filter(|(rotated, _)| made_then(rotated));
    match (fits.next(), fits.next()) {
        (Some((_, used)), None) => Some(used),
        _ => None,
    }
}

/// When a user last signed in with a password.
pub(super) fn password_last_used(snapshot: &Snapshot, user: &Identity) -> LastUsed {
    reported(snapshot, &user.name, "password_last_used")
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

/// A time of a user's row in the credential report.
fn reported(snapshot: &Snapshot, user: &str, column: &str) -> LastUsed {
    let Some(text) = reported_text(snapshot, user, column) else { return LastUsed::Unknown };
    match Timestamp::parse(&text) {
        Some(time) => LastUsed::At { time, service: None },
        None if NOT_USED.contains(&text.as_str()) => LastUsed::Never,
        None => LastUsed::Unknown,
    }
}

/// What the credential report says of a user in a column.
pub(crate) fn reported_text(snapshot: &Snapshot, user: &str, column: &str) -> Option<String> {
    let content = snapshot.answer("iam:GetCredentialReport")?.body()?.get("Content")?;
    let bytes = STANDARD.decode(content.as_str()?.trim()).ok()?;
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
    let headers = rows.headers().ok()?.clone();
    let at = |name: &str| headers.iter().position(|header| header == name);
    let (name, wanted) = (at("user")?, at(column)?);
    let row = rows.records().filter_map(Result::ok).find(|row| row.get(name) == Some(user))?;
    row.get(wanted).map(str::to_owned)
}
