//! The journal on disk: lines of JSON, one file for each state folder.
//!
//! # Invariants
//! - Who may append holds a lock on the file, so that two runs do not mix.
//! - An entry that was appended survives a crash: it is written with one call and flushed to the disk.
//! - Only bytes behind the last line's end are ever cut off, and that is journaled and told.
//! - Only its owner can read it.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use trailwarden_model::Timestamp;

use super::entry::{BEGINNING, hash_of};
use super::{Entry, Event, Run};

/// The file's name in the state folder.
const FILE: &str = "journal.ndjson";

/// The journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Where to append; none when it is only read.
    file: Option<File>,
    entries: Vec<Entry>,
    runs: Vec<Run>,
    torn: Option<u64>,
}

/// The journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It cannot be read or written.
    #[error("cannot {what} the journal `{path}`")]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Another run is at work.
    #[error("another run holds the journal `{0}`; wait for its end")]
    Locked(PathBuf),
    /// It is not what was written.
    #[error(
        "line {line} of the journal `{path}` is not what was written: {why}; compare it with a copy, and move it away before \
         the next run"
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// Another version wrote it.
    #[error(
        "line {line} of the journal `{path}` was written by a newer version of trailwarden; use that version, or name another folder with --state"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// It was opened only to be read.
    #[error("the journal `{0}` was opened only to be read")]
    ReadOnly(PathBuf),
}

impl Journal {
    /// Opens the journal of a state folder for a run, and makes both where there are none.
    ///
    /// A last line without an end, which a crash leaves, is cut off: see [`Journal::torn`].
    ///
    /// # Errors
    /// It is in use, is not what was written, or cannot be read or written.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        let fail = |what| io_error(what, &path);
        make_folder(folder).map_err(fail("make the folder of"))?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(fail("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Locked(path)),
            Err(TryLockError::Error(source)) => return Err(fail("lock")(source)),
        }
        keep_private(&file).map_err(fail("make private"))?;
        keep_name(folder).map_err(fail("make"))?;
        let mut journal = Self::of(path.clone(), &mut file)?;
        if let Some(bytes) = journal.torn {
            let length = file.metadata().map_err(fail("read"))?.len();
            file.set_len(length.saturating_sub(bytes)).map_err(fail("mend"))?;
            file.sync_all().map_err(fail("mend"))?;
            journal.file = Some(file);
            journal.append(now, None, Event::Mended { bytes })?;
        } else {
            journal.file = Some(file);
        }
        Ok(journal)
    }

    /// Reads the journal of a state folder, and changes nothing; without a file it is empty.
    ///
    /// # Errors
    /// It is not what was written, or cannot be read.
    pub fn read(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        match File::open(&path) {
            Ok(mut file) => Self::of(path, &mut file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::empty(path)),
            Err(error) => Err(io_error("open", &path)(error)),
        }
    }

    fn empty(path: PathBuf) -> Self {
        Self { path, file: None, entries: Vec::new(), runs: Vec::new(), torn: None }
    }

    fn of(path: PathBuf, file: &mut File) -> Result<Self, JournalError> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io_error("read", &path))?;
        let mut journal = Self::empty(path);
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole < bytes.len() {
            journal.torn = Some((bytes.len() - whole) as u64);
        }
        bytes.truncate(whole);
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let entry = journal.linked(line)?;
            journal.take(entry);
        }
        Ok(journal)
    }

    /// Reads the next line, which must be chained to the last one.
    fn linked(&self, line: &[u8]) -> Result<Entry, JournalError> {
        let number = self.entries.len() as u64 + 1;
        let broken = |why| JournalError::Broken { path: self.path.clone(), line: number, why };
        let value: Value = serde_json::from_slice(line).map_err(|_| broken("it is no JSON"))?;
        let newer = || JournalError::Newer { path: self.path.clone(), line: number };
        // How later versions compute hashes is not known.
        if number == 1 && value.get("previous").and_then(Value::as_str).is_some_and(is_later) {
            return Err(newer());
        }
        let told = value.get("hash").and_then(Value::as_str).unwrap_or_default();
        if told != hash_of(&value) {
            return Err(broken("its hash is not that of its content"));
        }
        // Whoever wrote it knew how to chain it, and what it says is new here.
        let entry: Entry = serde_json::from_value(value).map_err(|_| newer())?;
        if entry.sequence != number || entry.previous != self.head() {
            return Err(broken("it does not follow the line before"));
        }
        Ok(entry)
    }

    fn take(&mut self, entry: Entry) {
        let run = entry.run.as_ref().and_then(|id| self.runs.iter_mut().find(|run| run.id == *id));
        match run {
            Some(run) => run.add(&entry),
            None => self.runs.extend(Run::begun(&entry)),
        }
        self.entries.push(entry);
    }

    /// Writes what happened, or is about to, and comes back when it is on the disk.
    ///
    /// # Errors
    /// It is not: whatever it announces must not be done.
    pub fn append(
        &mut self,
        time: Timestamp,
        run: Option<&str>,
        mut event: Event,
    ) -> Result<(), JournalError> {
        event.drop_secrets();
        let mut entry = Entry {
            sequence: self.entries.len() as u64 + 1,
            time,
            run: run.map(str::to_owned),
            event,
            previous: self.head().to_owned(),
            hash: String::new(),
        };
        let fail = |source| io_error("write", &self.path)(source);
        let mut value = serde_json::to_value(&entry).map_err(|error| fail(error.into()))?;
        entry.hash = hash_of(&value);
        if let Some(members) = value.as_object_mut() {
            members.insert("hash".to_owned(), entry.hash.as_str().into());
        }
        let mut line = trailwarden_remedy::plan::canonical(&value);
        line.push('\n');
        // What could not be read again would take all that stands behind it along.
        let unreadable = |_| fail(io::Error::other("the entry could not be read again"));
        self.linked(line.as_bytes()).map_err(unreadable)?;
        let Some(file) = &mut self.file else {
            return Err(JournalError::ReadOnly(self.path.clone()));
        };
        let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_data());
        if let Err(source) = written {
            // What was half written may not be followed by another line.
            self.file = None;
            return Err(io_error("write", &self.path)(source));
        }
        self.take(entry);
        Ok(())
    }

    /// How many bytes a crash left behind the last entry, of which nothing is known.
    #[must_use]
    pub fn torn(&self) -> Option<u64> {
        self.torn
    }

    /// The runs, in the order in which they began.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The run of that id.
    #[must_use]
    pub fn run(&self, id: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// The runs of which something was written down at that time or later.
    pub fn runs_since(&self, time: Timestamp) -> impl Iterator<Item = &Run> {
        let since = self.entries.iter().filter(move |entry| entry.time >= time);
        let ids: BTreeSet<&str> = since.filter_map(|entry| entry.run.as_deref()).collect();
        self.runs.iter().filter(move |run| ids.contains(run.id.as_str()))
    }

    /// The entries of a run, in order.
    pub fn entries<'a>(&'a self, run: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.run.as_deref() == Some(run))
    }

    /// The hash of the last entry.
    #[must_use]
    pub fn head(&self) -> &str {
        self.entries.last().map_or(BEGINNING, |entry| entry.hash.as_str())
    }
}

fn io_error<'a>(what: &'static str, path: &'a Path) -> impl Fn(io::Error) -> JournalError + 'a {
    move |source| JournalError::Io { what, path: path.to_owned(), source }
}

pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether the first entry is chained to the name of another version of the journal.
fn is_later(previous: &str) -> bool {
    let family = BEGINNING.rsplit_once('/').map_or(BEGINNING, |(family, _)| family);
    previous != BEGINNING && previous.split_once('/').is_some_and(|(name, _)| name == family)
}

/// Takes it away from everybody but its owner, should it have been made or restored by something else.
fn keep_private(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = file.metadata()?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o600);
            file.set_permissions(permissions)?;
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Flushes the names of a folder: a file that was flushed is lost with its name, which stands in the folder.
/// Where folders cannot be opened as files, the system keeps names by itself.
pub(crate) fn keep_name(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
