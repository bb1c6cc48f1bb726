//! Logs and baselines read into the timelines of their accounts: what questions about permissions
//! are asked of.
//!
//! The first stage is that of a scan without detections ([`crate::scan`]): inputs are read in
//! parallel, and only records that a model folds are kept and decoded. They come out in the one total
//! order, each once, whatever the order of the inputs.

mod fill;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use trailwarden_account::session::Session;
use trailwarden_account::timeline;
use trailwarden_account::{Baseline, Models, Timelines};
use trailwarden_detect::Settings;
use trailwarden_detect::select::Words;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::report::REJECTS_MAX;
use trailwarden_model::{Reject, Summary, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_record::row::Actions;

use crate::baselines::Around;
use crate::scan::extract::Shared;
use crate::scan::files::Files;
use crate::scan::runs::merge;
use crate::scan::{self, Progress, ScanError, extract_all};
use crate::sources::Input;
use fill::fill;

/// What to read.
pub struct Options {
    /// The logs.
    pub input: Input,
    /// What AWS said about accounts at some time.
    pub baselines: Vec<Baseline>,
    /// The ARN, id or temporary key of sessions that are asked about.
    pub session: Option<String>,
    /// Only records up to this.
    pub until: Option<Timestamp>,
    /// Limits on what a stranger sends.
    pub limits: Limits,
    /// How many bytes rows and kept records may take before they spill to disk.
    pub memory_max: usize,
    /// Where to spill; the system's folder when `None`.
    pub spill_dir: Option<PathBuf>,
    /// Number of workers; 0 for one per core.
    pub threads: usize,
}

impl Options {
    /// These logs and baselines, with the usual limits.
    pub fn new(input: Input, baselines: Vec<Baseline>) -> Self {
        Self {
            input,
            baselines,
            session: None,
            until: None,
            limits: Limits::default(),
            memory_max: scan::MEMORY_MAX,
            spill_dir: None,
            threads: 0,
        }
    }
}

/// Accounts over time.
pub struct Told {
    /// The accounts.
    pub timelines: Timelines,
    /// How the sessions began that are asked about, in the total order.
    pub sessions: Vec<Session>,
    /// The files, by the number that a record's place has.
    pub files: Vec<String>,
    /// What could not be read, in the order of the input; at most [`REJECTS_MAX`].
    pub rejects: Vec<Reject>,
    /// Counts. `rejects` counts those that are not listed, too.
    pub summary: Summary,
}

impl Told {
    /// The models after all that was read.
    pub fn end(&mut self) -> Models {
        self.at(Timestamp::from_seconds(LAST_SECOND))
    }

    /// The models at the end of a second.
    pub fn at(&mut self, time: Timestamp) -> Models {
        self.timelines.at(time)
    }
}

/// The end of the year 9999, behind every record.
const LAST_SECOND: i64 = 253_402_300_799;

/// Reads.
pub fn read(mut options: Options, progress: &Progress) -> Result<Told, ScanError> {
    progress.bytes_total.store(options.input.bytes_stored(), Ordering::Relaxed);
    let Input { items, rejects: missing, .. } = std::mem::take(&mut options.input);
    let files = Arc::new(Files::default());
    let shared = Arc::new(Shared {
        detections: Vec::new(),
        words: Words::of(&[]),
        rules: RuleSet::load(&[]).0,
        actions: Actions::default(),
        geoip: None,
        limits: options.limits,
        no_skip: false,
        changes: false,
        sessions: options.session.is_some(),
        until: options.until,
        accounts: Vec::new(),
    });
    let timelines = Timelines::new(&options.baselines, timeline::Limits::default());
    let around = Around::of(&options.baselines);
    let session = options.session.clone();
    let options = as_scan(options);
    let stage = extract_all(&options, &items, &shared, &files, progress);
    let table = files.table();
    progress.stage.store(1, Ordering::Relaxed);
    let mut merged = merge(stage.runs).map_err(ScanError::Spill)?;
    let filled = fill(timelines, around, &table, &mut merged, progress, session.as_deref());
    let left = filled.left;
    if let Some(error) = left.error.or(stage.error) {
        return Err(ScanError::Spill(error));
    }
    let mut summary = stage.summary;
    summary.records = summary.records.saturating_sub(left.reject_count);
    summary.rejects = missing.len() as u64 + stage.reject_count + left.reject_count;
    summary.duplicates = left.duplicates;
    summary.baselines = filled.around.told();
    summary.first_time = filled.first_time;
    summary.last_time = filled.last_time;
    summary.interrupted = progress.was_stopped();
    let mut rejects = missing;
    rejects.extend(scan::listed(stage.rejected.into_iter().chain(left.rejects), &table));
    rejects.truncate(REJECTS_MAX);
    progress.stage.store(2, Ordering::Relaxed);
    let (timelines, sessions) = (filled.timelines, filled.sessions);
    Ok(Told { timelines, sessions, files: table.names, rejects, summary })
}

/// A scan that only reads.
fn as_scan(options: Options) -> scan::Options {
    scan::Options {
        input: Input::default(),
        detections: Vec::new(),
        settings: Settings::default(),
        rules: RuleSet::load(&[]).0,
        geoip: None,
        since: None,
        until: options.until,
        accounts: Vec::new(),
        limits: options.limits,
        memory_max: options.memory_max,
        spill_dir: options.spill_dir,
        threads: options.threads,
        no_skip: false,
        baselines: Vec::new(),
        changes: false,
    }
}
