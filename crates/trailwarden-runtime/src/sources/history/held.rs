//! What was given, as files: for this run in a folder that goes with it, for later runs in the cache.
//!
//! A cache has one folder for each account, region and filter, and in it one file for each span:
//! gzip of the pages as AWS wrote them. Its name is its claim, so it gets that name only once it is whole.

use std::fs;
use std::io::{self, BufWriter, Read, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::{NamedTempFile, TempDir};
use trailwarden_record::hash;

use super::{HistoryError, Span, Wanted};
use crate::sources::{Item, Remote};

/// The folder within a cache.
const FOLDER: &str = "cloudtrail-history";
const ENDING: &str = ".json.gz";
/// So much of a filter's value is in the name of its folder.
const VALUE_MAX: usize = 60;

/// Where the files of a region go.
pub(super) struct Shelf {
    region: String,
    /// For what will not change any more.
    kept: PathBuf,
    /// For the rest.
    passing: PathBuf,
    /// Removes what is only for this run, once nobody reads it any more.
    folder: Arc<TempDir>,
}

/// A span that is held.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) span: Span,
    pub(super) item: Item,
}

/// A file in the making.
pub(super) struct Draft {
    file: GzEncoder<BufWriter<NamedTempFile>>,
    folder: PathBuf,
}

impl Shelf {
    /// The shelf of each region.
    pub(super) fn of(wanted: &Wanted) -> Result<Vec<Self>, HistoryError> {
        let spill = &wanted.spill_folder;
        let failed = |cause| HistoryError { folder: spill.clone(), cause };
        let folder = tempfile::Builder::new().prefix("trailwarden-history-").tempdir_in(spill);
        let folder = Arc::new(folder.map_err(failed)?);
        let shelf = |region: &String| {
            let passing = folder.path().join(region);
            let kept = match &wanted.cache {
                Some(cache) => {
                    let account = cache.join(FOLDER).join(wanted.account.to_string());
                    account.join(region).join(filter_name(wanted))
                }
                None => passing.clone(),
            };
            Self { region: region.clone(), kept, passing, folder: Arc::clone(&folder) }
        };
        Ok(wanted.regions.iter().map(shelf).collect())
    }

    /// The spans of earlier runs that meet what is wanted, by time.
    pub(super) fn held(&self, wanted: Span) -> Result<Vec<Held>, HistoryError> {
        let failed = |cause| HistoryError { folder: self.kept.clone(), cause };
        let mut held = Vec::new();
        let entries = match fs::read_dir(&self.kept) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(held),
            entries => entries.map_err(failed)?,
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let span = name.strip_suffix(ENDING).and_then(Span::named);
            if let Some(span) = span.filter(|span| span.meets(wanted)) {
                let size = entry.metadata().map_err(failed)?.len();
                // Even no events are some bytes of gzip: an empty file was left by a machine that stopped,
                // or a full disk that it was copied to, and would claim that nothing happened.
                if size > 0 {
                    held.push(Held { span, item: self.item(span, size, entry.path()) });
                }
            }
        }
        held.sort_by_key(|one| one.span);
        Ok(held)
    }

    /// Begins a file; what will not change any more is written where it is kept.
    pub(super) fn draft(&self, is_settled: bool) -> Result<Draft, HistoryError> {
        let folder = if is_settled { &self.kept } else { &self.passing };
        let failed = |cause| HistoryError { folder: folder.clone(), cause };
        fs::create_dir_all(folder).map_err(failed)?;
        // A name that begins with a dot is not read when somebody scans the cache as a folder.
        let file = tempfile::Builder::new().prefix(".part-").tempfile_in(folder).map_err(failed)?;
        let file = GzEncoder::new(BufWriter::new(file), Compression::default());
        Ok(Draft { file, folder: folder.clone() })
    }

    /// Ends a file that has all events of a span, and gives it its name.
    pub(super) fn keep(&self, draft: Draft, span: Span) -> Result<Held, HistoryError> {
        let folder = draft.folder.clone();
        let failed = |cause| HistoryError { folder: folder.clone(), cause };
        let file = draft.finish().map_err(failed)?;
        let size = file.as_file().metadata().map_err(failed)?.len();
        // The name must not outlive the bytes when the machine stops.
        file.as_file().sync_all().map_err(failed)?;
        let path = folder.join(format!("{}{ENDING}", span.name()));
        // Where another run put the same span, it may be reading it: its records are found again by their
        // place, which in this file is another one.
        let size_there = || fs::metadata(&path).map_or(0, |there| there.len());
        let size = match file.persist_noclobber(&path) {
            Ok(_) => size,
            Err(_) if size_there() > 0 => size_there(),
            // What is there is empty; or nothing is, and the disk can only replace.
            Err(error) => {
                error.file.persist(&path).map_err(|error| failed(error.error))?;
                size
            }
        };
        Ok(Held { span, item: self.item(span, size, path) })
    }

    /// Ends a file that has some events of a span: for this run only.
    pub(super) fn keep_some(&self, draft: Draft, span: Span) -> Result<Held, HistoryError> {
        let failed = |cause| HistoryError { folder: self.passing.clone(), cause };
        let file = draft.finish().map_err(failed)?;
        let size = file.as_file().metadata().map_err(failed)?.len();
        // The same span may be tried several times.
        fs::create_dir_all(&self.passing).map_err(failed)?;
        let prefix = format!("{}.", span.name());
        let builder =
            tempfile::Builder::new().prefix(&prefix).suffix(ENDING).tempfile_in(&self.passing);
        // The folder goes with all its files.
        let (_, path) = builder.map_err(failed)?.keep().map_err(|error| failed(error.error))?;
        // The other one may lie on another disk, so it cannot be moved.
        fs::copy(file.path(), &path).map_err(failed)?;
        Ok(Held { span, item: self.item(span, size, path) })
    }

    /// The name in reports does not depend on where the file lies.
    fn item(&self, span: Span, size: u64, path: PathBuf) -> Item {
        let name = format!("cloudtrail:{}/{}", self.region, span.name());
        let file = Stored { path, _folder: Arc::clone(&self.folder) };
        Item::remote(name, size, Arc::new(file))
    }
}

impl Draft {
    /// Adds a page.
    pub(super) fn add(&mut self, page: &[u8]) -> Result<(), HistoryError> {
        let added = self.file.write_all(page).and_then(|()| self.file.write_all(b"\n"));
        added.map_err(|cause| HistoryError { folder: self.folder.clone(), cause })
    }

    fn finish(self) -> io::Result<NamedTempFile> {
        let mut file = self.file.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.flush()?;
        Ok(file)
    }
}

/// A file that stays until it was read.
struct Stored {
    path: PathBuf,
    _folder: Arc<TempDir>,
}

impl Remote for Stored {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let file = fs::File::open(&self.path).map_err(|error| {
            let text = format!("cannot open `{}`: {error}; run it again", self.path.display());
            io::Error::new(error.kind(), text)
        })?;
        Ok(Box::new(file))
    }
}

/// A folder's name for a filter: readable, and another one for each value even where names do not
/// tell upper from lower case.
fn filter_name(wanted: &Wanted) -> String {
    let Some(filter) = &wanted.filter else { return "all".to_owned() };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    let value: String = filter.value.chars().take(VALUE_MAX).filter(|c| is_plain(*c)).collect();
    format!("{}-{value}-{:016x}", filter.attribute.as_str(), hash::of(&filter.value))
}
