//! Since when access keys are known to be inactive: first sightings that are kept, and what our own runs did.
//!
//! AWS does not say when a key was switched off. Where no log shows it, the time at which we saw the key
//! inactive first counts, so that a grace can ever end. Baselines are seen by `remediate plan`, which keeps
//! what they show of keys in the state folder.
//!
//! # Invariants
//! - A key that was seen active counts as inactive from the first time on that it was seen so afterwards.
//! - A baseline from before the last sighting of a key changes nothing about it.
//! - The file is replaced whole or not at all, by one writer at a time, and only its owner can read it.
//! - A file of another version, or of a size that is none of ours, is refused and never written over.

mod journaled;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use trailwarden_account::identity::KeyStatus;
use trailwarden_account::{Kind, Model};
use trailwarden_model::{AccountId, Timestamp};

use crate::executor::{Journal, JournalError};

use journaled::{Journaled, journaled};

/// The name and version of the format, as the file says it.
const SCHEMA: &str = "trailwarden.sightings/1";
const FILE: &str = "sightings.json";
/// Held by who writes: the file itself is replaced.
const LOCK: &str = "sightings.lock";

/// So many keys are kept: two for each user of many full accounts.
const KEYS_MAX: usize = 200_000;
/// More than so many keys take.
const BYTES_MAX: u64 = 64 << 20;

/// What was seen of keys.
#[derive(Debug)]
struct Sightings {
    folder: PathBuf,
    /// By account and key.
    keys: BTreeMap<String, BTreeMap<String, Seen>>,
    /// Keys that were not taken in for lack of room.
    more: usize,
    /// Locked as long as this lives.
    _lock: File,
}

/// What was seen of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    /// When it was last seen active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    active: Option<Timestamp>,
    /// When it was first seen inactive after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inactive: Option<Timestamp>,
    /// When it was seen last.
    last: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Written {
    schema: String,
    keys: BTreeMap<String, BTreeMap<String, Seen>>,
}

/// Since when a key is inactive, and who says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Since {
    /// The time from which a grace counts.
    pub time: Timestamp,
    /// Who says so.
    pub by: By,
    /// When it is known to have been active last.
    pub active: Option<Timestamp>,
}

impl Since {
    /// Whether a log that shows the key switched off then tells better: not where it was active later.
    #[must_use]
    pub fn yields_to(&self, logged: Timestamp) -> bool {
        self.active.is_none_or(|active| active < logged)
    }
}

/// Who says since when a key is inactive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum By {
    /// A run of ours, of that id, switched it off.
    Run(String),
    /// It was seen so first then, and may have been so before.
    FirstSeen,
}

/// The file of sightings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SightingsError {
    /// It cannot be read or written.
    #[error("cannot {what} the sightings in `{folder}`")]
    Io {
        /// What was tried.
        what: &'static str,
        /// The state folder.
        folder: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Another run is at work.
    #[error("another run holds the sightings in `{0}`; wait for its end")]
    Locked(PathBuf),
    /// It is not what was written.
    #[error(
        "the file `{FILE}` in `{0}` is none of ours or damaged; move it away, and keys count as seen from then on"
    )]
    Broken(PathBuf),
    /// There are more keys than are kept.
    #[error(
        "the sightings in `{0}` hold {KEYS_MAX} keys, and more are not kept; use a folder for each account"
    )]
    Full(PathBuf),
    /// The journal of runs cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It is of another version.
    #[error(
        "the file `{FILE}` in `{folder}` says that it is `{schema}`, and this version reads `{SCHEMA}`"
    )]
    Schema {
        /// The state folder.
        folder: PathBuf,
        /// What it says.
        schema: String,
    },
}

/// Keeps what is seen of an account's keys in the state folder, and says since when they are inactive.
///
/// # Errors
/// The journal or the sightings cannot be used, or there is no room for more keys.
pub fn keep(
    folder: &Path,
    account: AccountId,
    model: Option<&Model>,
    seen: Timestamp,
) -> Result<BTreeMap<String, Since>, SightingsError> {
    let journaled = journaled(&Journal::read(folder)?);
    let mut sightings = Sightings::open(folder)?;
    if let Some(model) = model {
        sightings.see(model, seen);
        if sightings.more > 0 {
            return Err(SightingsError::Full(folder.to_owned()));
        }
        sightings.write()?;
    }
    Ok(sightings.inactive(account, &journaled))
}

impl Sightings {
    /// Opens the sightings of a state folder, which is made where there is none.
    ///
    /// # Errors
    /// They are in use, of another version, damaged, or cannot be read.
    fn open(folder: &Path) -> Result<Self, SightingsError> {
        let fail = |what| failed(what, folder);
        crate::executor::make_folder(folder).map_err(fail("make the folder of"))?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(folder.join(LOCK)).map_err(fail("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(SightingsError::Locked(folder.to_owned())),
            Err(TryLockError::Error(source)) => return Err(fail("lock")(source)),
        }
        let keys = read(folder)?;
        Ok(Self { folder: folder.to_owned(), keys, more: 0, _lock: lock })
    }

    /// Takes in the keys of an account as they were at a time.
    fn see(&mut self, model: &Model, time: Timestamp) {
        let account = model.account().to_string();
        for user in model.of_kind(Kind::User) {
            for (key, status) in user.keys.iter() {
                if let Some(status) = status.value() {
                    self.see_key(&account, key, *status == KeyStatus::Active, time);
                }
            }
        }
    }

    fn see_key(&mut self, account: &str, key: &str, is_active: bool, time: Timestamp) {
        let count: usize = self.keys.values().map(BTreeMap::len).sum();
        let known = self.keys.get(account).is_some_and(|keys| keys.contains_key(key));
        if !known && count >= KEYS_MAX {
            self.more += 1;
            return;
        }
        let of_account = self.keys.entry(account.to_owned()).or_default();
        let new = Seen { active: None, inactive: None, last: time };
        let seen = of_account.entry(key.to_owned()).or_insert(new);
        if time < seen.last {
            return;
        }
        seen.last = time;
        match is_active {
            true => *seen = Seen { active: Some(time), inactive: None, last: time },
            false => seen.inactive = seen.inactive.or(Some(time)),
        }
    }

    /// Since when the keys of an account are inactive, by the runs of a journal or else by the first
    /// sighting.
    fn inactive(&self, account: AccountId, journaled: &Journaled) -> BTreeMap<String, Since> {
        let account = account.to_string();
        let mut all: BTreeMap<String, Since> = BTreeMap::new();
        for (key, seen) in self.keys.get(&account).into_iter().flatten() {
            if let Some(time) = seen.inactive {
                all.insert(key.clone(), Since { time, by: By::FirstSeen, active: seen.active });
            }
        }
        for ((of, key), (time, run)) in journaled {
            let seen = self.keys.get(&account).and_then(|keys| keys.get(key));
            // Somebody switched it on again after the run.
            let is_over = seen.and_then(|seen| seen.active).is_some_and(|active| active >= *time);
            if *of == account && !is_over {
                // Until the run it was active, or there was nothing to switch off.
                let since = Since { time: *time, by: By::Run(run.clone()), active: Some(*time) };
                all.insert(key.clone(), since);
            }
        }
        all
    }

    /// Writes the file anew, and comes back when it is on the disk.
    ///
    /// # Errors
    /// It cannot be written; then it is as it was.
    fn write(&self) -> Result<(), SightingsError> {
        let fail = |source| failed("write", &self.folder)(source);
        let written = Written { schema: SCHEMA.to_owned(), keys: self.keys.clone() };
        let mut text = serde_json::to_string(&written).map_err(|error| fail(error.into()))?;
        text.push('\n');
        // Made so that only its owner can read it.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder).map_err(fail)?;
        file.write_all(text.as_bytes()).map_err(fail)?;
        file.as_file().sync_all().map_err(fail)?;
        file.persist(self.folder.join(FILE)).map_err(|error| fail(error.error))?;
        crate::executor::keep_name(&self.folder).map_err(fail)
    }
}

fn read(folder: &Path) -> Result<BTreeMap<String, BTreeMap<String, Seen>>, SightingsError> {
    let broken = || SightingsError::Broken(folder.to_owned());
    let file = match File::open(folder.join(FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(failed("open", folder)(error)),
    };
    let mut bytes = Vec::new();
    file.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed("read", folder))?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(broken());
    }
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| broken())?;
    let schema = value.get("schema").and_then(serde_json::Value::as_str).ok_or_else(broken)?;
    if schema != SCHEMA {
        return Err(SightingsError::Schema {
            folder: folder.to_owned(),
            schema: schema.to_owned(),
        });
    }
    let written: Written = serde_json::from_value(value).map_err(|_| broken())?;
    Ok(written.keys)
}

fn failed<'a>(
    what: &'static str,
    folder: &'a Path,
) -> impl Fn(io::Error) -> SightingsError + Copy + 'a {
    move |source| SightingsError::Io { what, folder: folder.to_owned(), source }
}
