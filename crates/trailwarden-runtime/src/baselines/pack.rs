//! Baseline files as questions and answers: read, made of what the AWS CLI saved, and written.
//!
//! # Invariants
//! - What is written is read again as it was; a file is there whole or not at all, and only its owner
//!   may read it.
//! - A file of the AWS CLI that is not recognised, or that does not say of which account or trail it
//!   is, is an error: what is left out silently would be unknown without a reason.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use trailwarden_account::snapshot::{self, Answer, Depth, Outcome, Snapshot};
use trailwarden_model::{AccountId, Arn, Timestamp};
use trailwarden_record::limits::Limits;

use super::content::text;
use super::shapes::{self, Found};
use super::{BaselineError, split};
use crate::sources;

/// Between speed and size: these files are small, and written once.
const LEVEL: i32 = 9;

/// Reads files of baselines, and makes answers of what the AWS CLI saved, by account. `time` is when that
/// was saved, for files that do not say so; else the time at which each was written to disk.
///
/// # Errors
/// A file that cannot be read or is none; a part without an account; answers that contradict each other
/// are kept, and found when they are used.
pub fn snapshots(
    arguments: &[String],
    limits: Limits,
    time: Option<Timestamp>,
) -> Result<Vec<Snapshot>, BaselineError> {
    let (mut whole, mut loose) = (Vec::new(), Vec::new());
    for argument in arguments {
        let (told, file) = split(argument);
        let bytes = sources::contents(Path::new(file), limits)
            .map_err(|cause| BaselineError::Read { file: file.to_owned(), cause })?;
        if Snapshot::is_one(&bytes) {
            whole.extend(read(file, &bytes, told)?);
            continue;
        }
        let saved = time.or_else(|| written(file)).unwrap_or_default();
        let found = shapes::found(&text(&bytes));
        if found.is_empty() {
            return Err(BaselineError::Unknown { file: file.to_owned() });
        }
        for one in found {
            let account = one_of(file, told, one.account)?;
            loose.push(Loose { file: file.to_owned(), account, time: saved, found: one });
        }
    }
    let packed = gathered(loose, &whole)?;
    Ok(merged(whole, packed))
}

/// Reads a baseline file.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    told: Option<AccountId>,
) -> Result<Vec<Snapshot>, BaselineError> {
    let wrong = |source| BaselineError::Snapshot { file: file.to_owned(), source };
    let all = Snapshot::read(bytes).map_err(wrong)?;
    for one in &all {
        one_of(file, told, Some(one.account))?;
    }
    Ok(all)
}

/// Writes a baseline file, compressed.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, snapshots: &[Snapshot]) -> Result<(), BaselineError> {
    let shown = path.display().to_string();
    let failed = |source| BaselineError::Write { file: shown.clone(), source };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Beside its place, so that it gets there in one step. Only its owner may read it.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut encoder = zstd::Encoder::new(&mut file, LEVEL).map_err(failed)?;
    for one in snapshots {
        let text = one
            .to_json()
            .map_err(|source| BaselineError::Snapshot { file: shown.clone(), source })?;
        encoder.write_all(text.as_bytes()).map_err(failed)?;
    }
    encoder.finish().map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Something that the AWS CLI printed, not yet in a snapshot.
struct Loose {
    file: String,
    account: Option<AccountId>,
    time: Timestamp,
    found: Found,
}

fn one_of(
    file: &str,
    told: Option<AccountId>,
    found: Option<AccountId>,
) -> Result<Option<AccountId>, BaselineError> {
    match (told, found) {
        (Some(told), Some(found)) if told != found => {
            Err(BaselineError::OtherAccount { file: file.to_owned(), told, found })
        }
        _ => Ok(told.or(found)),
    }
}

/// Puts each answer to its account. One without an account belongs to the only one there is.
fn gathered(loose: Vec<Loose>, whole: &[Snapshot]) -> Result<Vec<Snapshot>, BaselineError> {
    let named = loose.iter().filter_map(|one| one.account);
    let mut accounts: Vec<AccountId> = named.chain(whole.iter().map(|one| one.account)).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let only = match accounts.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let mut snapshots: BTreeMap<AccountId, Snapshot> = BTreeMap::new();
    for Loose { file, account, time, found } in loose {
        let Some(account) = account.or(only) else {
            return Err(BaselineError::NoAccount { file, what: found.what });
        };
        let partition = found.partition.as_deref();
        let snapshot = snapshots.entry(account).or_insert_with(|| {
            Snapshot::new(account, partition.unwrap_or("aws"), time, Depth::Packed)
        });
        if let Some(partition) = partition {
            snapshot.partition = partition.to_owned();
        }
        snapshot.taken = snapshot.taken.min(time);
        add(snapshot, &file, time, found)?;
    }
    Ok(snapshots.into_values().collect())
}

/// Adds an answer; pages of one answer become one.
fn add(
    snapshot: &mut Snapshot,
    file: &str,
    time: Timestamp,
    found: Found,
) -> Result<(), BaselineError> {
    let mut about = found.about;
    if let Some(parameter) = found.of_trail {
        // The output does not name the trail; with one trail there is no doubt.
        let trail =
            only_trail(snapshot).ok_or_else(|| BaselineError::NoTrail { file: file.to_owned() })?;
        about.insert(parameter.to_owned(), trail);
    }
    let is_last = found.body.get("IsTruncated").and_then(Value::as_bool) != Some(true)
        && found.body.get("NextToken").is_none();
    let same = |answer: &&mut Answer| answer.api == found.api && answer.about == about;
    let Some(known) = snapshot.answers.iter_mut().find(same) else {
        let mut answer = Answer {
            api: found.api.to_owned(),
            region: None,
            about,
            time,
            outcome: Outcome::Got { body: json!({}) },
        };
        answer.outcome = joined(json!({}), found.body, is_last);
        snapshot.push(answer);
        return Ok(());
    };
    let had_last = known.is_known();
    let before = known.body_so_far().cloned().unwrap_or_default();
    known.outcome = joined(before, found.body, is_last || had_last);
    known.time = known.time.min(time);
    Ok(())
}

fn joined(mut whole: Value, page: Value, has_last: bool) -> Outcome {
    if let (Value::Object(whole), Value::Object(page)) = (&mut whole, page) {
        for (name, value) in page {
            if ["IsTruncated", "Marker", "NextToken"].contains(&name.as_str()) {
                continue;
            }
            match (whole.get_mut(&name), value) {
                (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
                (_, value) => {
                    whole.insert(name, value);
                }
            }
        }
    }
    match has_last {
        true => Outcome::Got { body: whole },
        false => {
            Outcome::Partial { body: whole, message: "the last page was not given".to_owned() }
        }
    }
}

fn only_trail(snapshot: &Snapshot) -> Option<String> {
    let told = snapshot.answer("cloudtrail:DescribeTrails")?.body()?;
    match told.get("trailList")?.as_array()?.as_slice() {
        [trail] => Some(trail.get("TrailARN")?.as_str()?.to_owned()),
        _ => None,
    }
}

/// Answers of one account in one snapshot: those of a file, and those that were packed beside it.
fn merged(mut whole: Vec<Snapshot>, packed: Vec<Snapshot>) -> Vec<Snapshot> {
    for one in packed {
        match whole.iter_mut().find(|known| known.account == one.account) {
            Some(known) => one.answers.into_iter().for_each(|answer| known.push(answer)),
            None => whole.push(one),
        }
    }
    whole.sort_by_key(|one| one.account);
    whole
}

fn written(file: &str) -> Option<Timestamp> {
    let time = std::fs::metadata(file).ok()?.modified().ok()?;
    let since = time.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_seconds(i64::try_from(since.as_secs()).ok()?))
}

/// The account and the partition that the first ARN of an account names.
pub(super) fn owner(text: &str) -> Option<(AccountId, String)> {
    text.split(['"', ',', '\n']).find_map(|text| {
        let arn = Arn::parse(text)?;
        Some((arn.account_id()?, arn.partition.to_owned()))
    })
}

/// A file of answers as a start for models.
pub(super) fn baselines(
    file: &str,
    snapshots: &[Snapshot],
) -> Result<Vec<trailwarden_account::Baseline>, BaselineError> {
    let wrong = |source: snapshot::Error| BaselineError::Snapshot { file: file.to_owned(), source };
    snapshots.iter().map(|one| one.baseline().map_err(wrong)).collect()
}

#[cfg(test)]
mod tests;
